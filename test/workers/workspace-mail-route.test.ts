import { requestPasswordReset } from '../../src/commands/password-reset/request-password-reset';
import { MailPostponed } from '../../src/delivery/mail/mail-errors';
import { encodePublicId } from '../../src/domain/public-id';
import type { User } from '../../src/entities/user';
import { watchedSource } from '../support/watched-source';
import { createWorld } from '../support/world';
import { type ReceivedMail, type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import { DeliveryBench } from './delivery-bench';

let bench: DeliveryBench;
let inbox: SmtpInbox;
const auth = { user: 'shoes', pass: 'a secret of the shop' };
beforeAll(async () => {
  bench = await DeliveryBench.start();
  inbox = await startSmtpInbox({ auth });
});
beforeEach(() => bench.reset());
afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});
afterAll(async () => {
  await bench.stop();
  await inbox.stop();
});

interface Settings {
  readonly password?: string;
  readonly isVerified?: boolean;
  readonly workspaceId?: string;
}

/** Mail settings as they are once a test mail went through; each call is another version. */
async function set({ password = auth.pass, isVerified = true, workspaceId }: Settings = {}): Promise<void> {
  await bench.source.query(
    `insert into mail_settings as s
       (workspace_id, host, port, security, username, password, from_address, reply_to, verified_at, updated_at)
     values ($1, '127.0.0.1', $2, 'NONE', $3, $4, 'team@shoes.example', 'help@shoes.example', $5, now())
     on conflict (workspace_id) do update set password = excluded.password, version = s.version + 1`,
    [
      workspaceId ?? bench.world.workspace.id,
      Number(new URL(inbox.url).port),
      auth.user,
      `sealed ${password}`,
      isVerified ? new Date() : null,
    ],
  );
}

async function lastError(): Promise<string | null> {
  const [row] = await bench.source.query<{ error: string | null }[]>(
    'select last_error as error from mail_settings where workspace_id = $1',
    [bench.world.workspace.id],
  );
  return row!.error;
}

const to = (address: string) => (mail: ReceivedMail) => mail.envelope.to.includes(address);
const toOperator = (mail: ReceivedMail): boolean => to(bench.world.operator.row.email)(mail);

describe('mail of a workspace that has set a server', () => {
  it('that was not tested yet leaves through the server’s own', async () => {
    await set({ isVerified: false });
    await bench.send(await bench.alertOperator());
    const mail = await bench.inbox.waitForMail(toOperator);
    expect(mail.from?.value[0]?.address).toBe('no-reply@baton.example');
    expect(inbox.mails.filter(toOperator)).toEqual([]);
  });

  it('leaves through it, from its address, with the brand’s name, and with its address for answers', async () => {
    await set();
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId);
    const mail = await inbox.waitForMail(toOperator);
    expect(mail.from?.value).toEqual([{ name: bench.world.organization.name, address: 'team@shoes.example' }]);
    expect(mail.envelope.from).toBe('team@shoes.example');
    expect(mail.replyTo?.value[0]?.address).toBe('help@shoes.example');
    expect(mail.messageId).toBe(`<${encodePublicId('delivery', deliveryId)}@shoes.example>`);
    expect(mail.inReplyTo).toMatch(/^<conv_.*@shoes\.example>$/);
    expect(bench.inbox.mails.filter(toOperator)).toEqual([]);
  });

  it('is not the mail of another workspace', async () => {
    const other = await createWorld(bench.source);
    await set({ workspaceId: other.workspace.id });
    await bench.send(await bench.alertOperator());
    await bench.inbox.waitForMail(toOperator);
    expect(inbox.mails.filter(toOperator)).toEqual([]);
  });

  it('waits while the password is wrong, says why, is never sent another way, and goes once it is right', async () => {
    await set({ password: 'another secret' });
    const deliveryId = await bench.alertOperator();
    // Long after our own mails would have been given up.
    await bench.source.query('update deliveries set attempts = 20 where id = $1', [deliveryId]);
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 21, wait: 1800 });
    expect((await bench.row(deliveryId)).detail).toContain('535');
    expect(await lastError()).toContain('535');
    expect(await lastError()).not.toContain('secret');
    // So that its sweeper can be told to hurry: a job of this id would be in the way.
    expect(bench.added).toEqual([]);
    expect([bench.inbox, inbox].flatMap(({ mails }) => mails.filter(toOperator))).toEqual([]);

    await set();
    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 22 });
    expect(inbox.mails.filter(toOperator)).toHaveLength(1);
    expect(bench.inbox.mails.filter(toOperator)).toEqual([]);
    expect(await lastError()).toBeNull();
  });

  it('is not sent again because that could not be written', async () => {
    await set();
    await bench.source.query(
      `update mail_settings set last_error = 'It was away.', last_error_at = now() where workspace_id = $1`,
      [bench.world.workspace.id],
    );
    const deliveryId = await bench.alertOperator();
    const failing = watchedSource(bench.source, (sql) => {
      if (sql.includes('set last_error = null')) throw new Error('The database is away.');
    });
    await bench.send(deliveryId, { source: failing });
    expect(await lastError()).toBe('It was away.');
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'SENT', attempts: 1 });
    expect(inbox.mails.filter(toOperator)).toHaveLength(1);
  });

  it('whose sender is refused waits as well', async () => {
    await set();
    inbox.failNext({ kind: 'reject', at: 'MAIL', code: 553, message: 'not your address' });
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING', attempts: 1, wait: 10 });
    expect(await lastError()).toContain('not your address');
  });

  it('whose recipient is refused fails, and the server is not to blame', async () => {
    await set();
    inbox.failNext({ kind: 'reject', at: 'RCPT', code: 550 });
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'FAILED' });
    expect(await lastError()).toBeNull();
  });

  it('that was cut off after the text keeps its Message-ID, also when the settings are taken away meanwhile', async () => {
    await set();
    inbox.failNext({ kind: 'drop', at: 'DATA', keepMail: true });
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId);
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING' });
    await bench.makeDue(deliveryId);
    await bench.send(deliveryId);
    const copies = inbox.mails.filter(toOperator);
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);

    await bench.source.query(`update deliveries set state = 'PENDING', sent_at = null, due_at = now() where id = $1`, [
      deliveryId,
    ]);
    await bench.source.query('delete from mail_settings where workspace_id = $1', [bench.world.workspace.id]);
    await bench.send(deliveryId);
    const another = await bench.inbox.waitForMail(toOperator);
    expect(another.messageId).toBe(copies[0]!.messageId);
    expect(another.from?.value[0]?.address).toBe('no-reply@baton.example');
  });

  it('with a password that no key opens any more waits, and says so', async () => {
    await set();
    const deliveryId = await bench.alertOperator();
    await bench.send(deliveryId, { openSecret: () => null });
    expect(await bench.row(deliveryId)).toMatchObject({ state: 'PENDING' });
    expect(await lastError()).toContain('Set it again');
  });

  it('that was put off counts as no attempt that was tried', async () => {
    await set();
    const deliveryId = await bench.alertOperator();

    await bench.send(deliveryId, { workspaceMail: { send: () => Promise.reject(new MailPostponed('busy')) } });
    const row = await bench.row(deliveryId);
    expect(row).toMatchObject({ state: 'PENDING', attempts: 1, detail: 'busy' });
    const [{ postponed } = { postponed: null }] = await bench.source.query<{ postponed: number }[]>(
      'select postponed from deliveries where id = $1',
      [deliveryId],
    );
    expect(postponed).toBe(1);
    expect(row.wait).toBeGreaterThanOrEqual(9);
  });
});

describe('a link for another password', () => {
  async function sendReset(person: User): Promise<void> {
    await requestPasswordReset(bench.database, person, { mailTokens: (_kind, id) => id, answerAfterMs: 0 });
    const [row] = await bench.source.query<{ id: string }[]>(
      'select d.id from deliveries d join password_resets r on r.id = d.password_reset_id where r.user_id = $1',
      [person.id],
    );
    await bench.send(row!.id);
  }

  it('of staff never leaves through it: who sets the server would become an owner, or nobody could mend it', async () => {
    await set();
    const { row } = bench.world.owner;
    await sendReset(row);
    await bench.inbox.waitForMail(to(row.email));
    expect(inbox.mails.filter(to(row.email))).toEqual([]);
  });

  it('of a member does', async () => {
    await set();
    const { row } = bench.world.manager;
    await sendReset(row);
    expect((await inbox.waitForMail(to(row.email))).from?.value[0]?.address).toBe('team@shoes.example');
  });
});
