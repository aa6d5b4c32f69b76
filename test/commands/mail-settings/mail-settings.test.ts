import { removeWorkspaceMailSettings } from '../../../src/commands/mail-settings/remove-workspace-mail-settings';
import { type MailProbe, sendTestMail } from '../../../src/commands/mail-settings/send-test-mail';
import {
  type UpdateWorkspaceMailSettings,
  updateWorkspaceMailSettings,
} from '../../../src/commands/mail-settings/update-workspace-mail-settings';
import { newId } from '../../../src/database/ids';
import type { Principal } from '../../../src/domain/actor';
import type { Outcome } from '../../../src/domain/refusal';
import { mailPasswordPlace } from '../../../src/domain/secrets';
import { MailSettings } from '../../../src/entities/mail-settings';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from '../identity/open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const SERVER = {
  ...{ host: 'smtp.shoes.test', port: 587, security: 'STARTTLS' as const, username: 'shoes' },
  ...{ fromAddress: 'team@shoes.test', replyTo: 'help@shoes.test' },
};
const asked: string[] = [];
const seal = (clear: string, place: string): string => `sealed ${clear} for ${place}`;

function update(
  principal: Principal,
  change: Partial<UpdateWorkspaceMailSettings> = {},
  options: { readonly isPublic?: boolean; readonly allowsLoopback?: boolean } = {},
): Promise<Outcome<MailSettings>> {
  const { isPublic = true, allowsLoopback = false } = options;
  const input = { workspaceId: world.workspace.id, ...SERVER, ...change };
  return updateWorkspaceMailSettings(database, principal, input, {
    checkMailServer: ({ host, port }) => {
      asked.push(`${host}:${String(port)}`);
      return Promise.resolve(isPublic ? null : { message: 'private' });
    },
    allowsLoopback,
    sealSecret: seal,
  });
}

const stored = (): Promise<MailSettings | null> =>
  database.source.manager.findOneBy(MailSettings, { workspaceId: world.workspace.id });

function test(principal: Principal, probeMail: (probe: MailProbe) => Promise<string | null>) {
  const openSecret = (text: string, place: string): string | null =>
    text.endsWith(` for ${place}`) ? text.slice('sealed '.length, -` for ${place}`.length) : null;
  return sendTestMail(database, principal, { workspaceId: world.workspace.id }, { openSecret, probeMail });
}
const taken = (): Promise<null> => Promise.resolve(null);

describe('updateWorkspaceMailSettings', () => {
  it.each(['operator', 'manager', 'viewer', 'visitor', 'agentKey'] as const)('is not for %s', async (who) => {
    asked.length = 0;
    const refusals = codes(await update(world[who].principal));
    expect(refusals).toEqual([who === 'visitor' ? 'NOT_FOUND workspaceId' : 'FORBIDDEN']);
    expect([await stored(), asked]).toEqual([null, []]);
  });

  it('of another workspace is NOT_FOUND, also for its own staff', async () => {
    const other = await createWorld(database.source);
    expect(codes(await update(other.owner.principal))).toEqual(['NOT_FOUND workspaceId']);
    expect(await stored()).toBeNull();
  });

  it.each<[string, Partial<UpdateWorkspaceMailSettings>, string]>([
    ['a blank host', { host: ' ' }, 'INVALID host'],
    ['port 0', { port: 0 }, 'INVALID port'],
    ['a sender with a name', { fromAddress: 'Shoes <team@shoes.test>' }, 'INVALID fromAddress'],
    ['two addresses to answer to', { replyTo: 'a@shoes.test, b@shoes.test' }, 'INVALID replyTo'],
    ['a password without a name', { username: null, password: 'x' }, 'INVALID username'],
    ['a line break in the name', { username: 'a\r\nb' }, 'INVALID username'],
    ['no encryption', { security: 'NONE' }, 'INVALID security'],
  ])('refuses %s', async (_, change, code) => {
    expect(codes(await update(world.owner.principal, change))).toEqual([code]);
    expect(await stored()).toBeNull();
  });

  it('refuses a server in a private network', async () => {
    expect(codes(await update(world.owner.principal, {}, { isPublic: false }))).toEqual(['UNSAFE_URL host']);
  });

  it('by an admin, or a key of the back end, stores what is given, the password sealed, and nothing verified', async () => {
    for (const { principal } of [world.admin, world.staffKey]) {
      accepted(await removeWorkspaceMailSettings(database, principal, { workspaceId: world.workspace.id }));
      accepted(await update(principal, { host: ' SMTP.Shoes.test. ', password: 'a secret' }));
      expect(await stored()).toMatchObject({
        ...SERVER,
        password: seal('a secret', mailPasswordPlace(world.workspace.id)),
        ...{ version: 1, verifiedAt: null, lastError: null },
      });
    }
  });

  it('keeps the password for the same server and user, and for no other', async () => {
    accepted(await update(world.owner.principal, { password: 'a secret' }));
    const { password } = (await stored())!;
    accepted(await update(world.owner.principal, { fromAddress: 'new@shoes.test' }));
    expect((await stored())!.password).toBe(password);
    for (const change of [{ host: 'evil.test' }, { port: 25 }, { security: 'TLS' as const }, { username: 'x' }]) {
      expect(codes(await update(world.owner.principal, change))).toEqual(['INVALID password']);
    }
    accepted(await update(world.owner.principal, { host: 'evil.test', password: null }));
    expect((await stored())!).toMatchObject({ host: 'evil.test', password: null });
  });

  it('that changes something has to be tested again; one that changes nothing has not', async () => {
    accepted(await update(world.owner.principal, { password: 'a secret' }));
    accepted(await test(world.owner.principal, taken));
    accepted(await update(world.owner.principal));
    expect(await stored()).toMatchObject({ version: 1, verifiedAt: expect.any(Date) });
    accepted(await update(world.owner.principal, { replyTo: null }));
    expect(await stored()).toMatchObject({ version: 2, verifiedAt: null, replyTo: null });
  });
});

describe('sendTestMail', () => {
  it.each(['operator', 'manager', 'staffKey'] as const)('is not for %s', async (who) => {
    accepted(await update(world.owner.principal));
    expect(codes(await test(world[who].principal, taken))).toEqual(['FORBIDDEN']);
    expect((await stored())!.verifiedAt).toBeNull();
  });

  it('without settings has nothing to test', async () => {
    expect(codes(await test(world.owner.principal, taken))).toEqual(['INVALID']);
  });

  it('goes to the caller, with the password in clear', async () => {
    accepted(await update(world.owner.principal, { password: 'a secret' }));
    const probes: MailProbe[] = [];
    accepted(await test(world.owner.principal, (probe) => (probes.push(probe), taken())));
    const { host, port, security, username, fromAddress, replyTo } = SERVER;
    expect(probes).toEqual([
      {
        server: { host, port, security, username, password: 'a secret' },
        ...{ fromAddress, replyTo },
        recipient: expect.objectContaining({ email: world.owner.row.email }),
      },
    ]);
  });

  it('that the server does not take says why, and leaves the settings unverified', async () => {
    accepted(await update(world.owner.principal));
    const outcome = await test(world.owner.principal, () => Promise.resolve('535 wrong password'));
    expect(outcome.refusals).toMatchObject([
      { code: 'INVALID', message: expect.stringContaining('535 wrong password') },
    ]);
    expect(outcome.value).toMatchObject({ lastError: '535 wrong password', verifiedAt: null });
    accepted(await test(world.owner.principal, taken));
    expect(await stored()).toMatchObject({ lastError: null, lastErrorAt: null, verifiedAt: expect.any(Date) });
  });

  it('verifies nothing that was saved while it was on its way', async () => {
    accepted(await update(world.owner.principal));
    const outcome = await test(world.owner.principal, async () => {
      accepted(await update(world.admin.principal, { host: 'other.test' }));
      return null;
    });
    expect(codes(outcome)).toEqual(['CONFLICT']);
    expect(await stored()).toMatchObject({ host: 'other.test', verifiedAt: null });
  });

  it('with a password that no key opens any more asks for it again, and sends nothing', async () => {
    accepted(await update(world.owner.principal, { password: 'a secret' }));
    await database.source.query(`update mail_settings set password = 'of a lost key'`);
    const probe = jest.fn(taken);
    expect(codes(await test(world.owner.principal, probe))).toEqual(['INVALID']);
    expect(probe).not.toHaveBeenCalled();
  });

  it('hurries the mails that wait for the server, and no others', async () => {
    const other = await createWorld(database.source);
    const insert = async (workspaceId: string, attempts: number, minutes: number): Promise<string> => {
      const id = newId();
      const resetId = newId();
      const userId = workspaceId === world.workspace.id ? world.owner.id : other.owner.id;
      await database.source.query(
        `insert into password_resets (id, workspace_id, user_id, token_hash, expires_at) values ($1, $2, $3, $4, now())`,
        [resetId, workspaceId, userId, Buffer.from(resetId)],
      );
      await database.source.query(
        `insert into deliveries (id, workspace_id, password_reset_id, channel, attempts, due_at)
         values ($1, $2, $3, 'EMAIL', $4, now() + $5 * interval '1 minute')`,
        [id, workspaceId, resetId, attempts, minutes],
      );
      return id;
    };
    const waiting = await insert(world.workspace.id, 7, 30);
    await insert(world.workspace.id, 0, 30);
    await insert(other.workspace.id, 7, 30);
    accepted(await update(world.owner.principal));
    accepted(await test(world.owner.principal, taken));
    const due = await database.source.query<{ id: string }[]>('select id from deliveries where due_at <= now()');
    expect(due).toEqual([{ id: waiting }]);
  });
});

describe('removeWorkspaceMailSettings', () => {
  it('is for staff, of their own workspace, and may find nothing', async () => {
    const other = await createWorld(database.source);
    accepted(await update(world.owner.principal));
    const input = { workspaceId: world.workspace.id };
    expect(codes(await removeWorkspaceMailSettings(database, world.manager.principal, input))).toEqual(['FORBIDDEN']);
    expect(codes(await removeWorkspaceMailSettings(database, other.owner.principal, input))).toEqual([
      'NOT_FOUND workspaceId',
    ]);
    for (let times = 0; times < 2; times += 1) {
      expect((await removeWorkspaceMailSettings(database, world.owner.principal, input)).refusals).toEqual([]);
      expect(await stored()).toBeNull();
    }
  });
});
