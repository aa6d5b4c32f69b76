import { answerInquiry } from '../../src/commands/inquiry/answer-inquiry';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { updateUser } from '../../src/commands/user/update-user';
import { newId } from '../../src/database/ids';
import { encodePublicId } from '../../src/domain/public-id';
import { createTurnOffTokens } from '../../src/identity/turn-off-tokens';
import { anyTarget } from '../commands/identity/any-target';
import type { ReceivedMail } from '../support/smtp-inbox';
import { DeliveryBench } from './delivery-bench';

let bench: DeliveryBench;
beforeAll(async () => {
  bench = await DeliveryBench.start();
});
beforeEach(() => bench.reset());
afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});
afterAll(() => bench.stop());

const to = (address: string) => (mail: ReceivedMail) => mail.envelope.to.includes(address);

async function sendAlert(): Promise<ReceivedMail> {
  await bench.send(await bench.alertOperator());
  return bench.inbox.waitForMail(to(bench.world.operator.row.email));
}

/** Answers the visitor's inquiry so many times, and returns the mails. */
async function answers(count: number, email: string): Promise<readonly ReceivedMail[]> {
  const { conversation, visitor, operator } = bench.world;
  const input = { conversationId: conversation.id, email, name: 'Vera', text: 'Where is it?', idempotencyKey: 'i' };
  const inquiry = (await submitInquiry(bench.database, visitor.principal, input)).value!;
  for (let number = 1; number <= count; number += 1) {
    const answer = { inquiryId: inquiry.id, text: `answer ${String(number)}`, idempotencyKey: newId() };
    await answerInquiry(bench.database, operator.principal, answer);
  }
  const due = await bench.source.query<{ id: string }[]>(
    'select d.id from deliveries d join inquiry_answers a on a.id = d.inquiry_answer_id where a.inquiry_id = $1 order by d.id',
    [inquiry.id],
  );
  for (const { id } of due) await bench.send(id);
  return bench.inbox.mails.filter(to(email));
}

describe('the mails about one conversation to one person', () => {
  it('are a thread: all of them answer the same id, which names the conversation and the person', async () => {
    const { conversation, operator } = bench.world;
    const mail = await sendAlert();
    const thread = `${encodePublicId('conversation', conversation.id)}.${encodePublicId('user', operator.id)}`;
    expect(mail.inReplyTo).toBe(`<${thread}@baton.example>`);
    expect(mail.references).toBe(mail.inReplyTo);
    expect(mail.messageId).not.toBe(mail.inReplyTo);
  });

  it('are one for each inquiry of a visitor, whose answers are no automatic mail', async () => {
    const mails = await answers(2, 'vera.thread@visitor.example');
    expect(new Set(mails.map(({ inReplyTo }) => inReplyTo)).size).toBe(1);
    expect(mails[0]!.inReplyTo).toMatch(/^<inq_[\w-]+@baton\.example>$/);
    expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(2);
    expect(mails[0]!.headers.has('auto-submitted')).toBe(false);
  });
});

describe('a notification by mail', () => {
  it('can be turned off by one click of its reader, and of nobody else', async () => {
    const mail = await sendAlert();
    const [, token] = /^<https:\/\/chat\.example\/mail\/turn-off\/([\w-]+)>$/.exec(
      rawHeader(mail, 'List-Unsubscribe'),
    )!;
    const { workspace, operator } = bench.world;
    const person = { workspaceId: workspace.id, userId: operator.id };
    expect(createTurnOffTokens('test').read(token!)).toEqual(person);
    expect(createTurnOffTokens('another secret').read(token!)).toBeNull();
    expect(rawHeader(mail, 'List-Unsubscribe-Post')).toBe('List-Unsubscribe=One-Click');
    expect(mail.text).toContain(`Turn these mails off: https://chat.example/mail/turn-off/${token}`);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('from a server without an address of its own has no such header', async () => {
    await bench.send(await bench.alertOperator(), { turnOffUrl: () => null });
    const mail = await bench.inbox.waitForMail(to(bench.world.operator.row.email));
    expect(mail.raw).not.toMatch(/^List-/m);
  });
});

describe('a mail that a person has asked for', () => {
  it('has no way to turn it off', async () => {
    const [mail] = await answers(1, 'vera.asked@visitor.example');
    expect(mail!.raw).not.toMatch(/^List-/m);
  });
});

describe('the language of a mail', () => {
  const speak = (locale: string): Promise<unknown> =>
    bench.source.query('update organizations set locale = $2 where id = $1', [bench.world.organization.id, locale]);

  it.each([
    ['es', 'Vera pide hablar con una persona', 'Abrir la conversación'],
    ['de-AT', 'Vera möchte mit einem Menschen sprechen', 'Gespräch öffnen'],
    ['fr', 'Vera demande à parler à une personne', 'Ouvrir la conversation'],
    ['pt-BR', 'Vera pede para falar com uma pessoa', 'Abrir a conversa'],
    ['ja', 'Vera asks for a person', 'Open the conversation'],
  ])('is that of the organization: %s', async (locale, subject, action) => {
    await speak(locale);
    const mail = await sendAlert();
    expect(mail.subject).toBe(subject);
    expect(mail.text).toContain(`${action}:\n`);
  });

  it('is that of the person before that of the organization', async () => {
    await speak('es');
    const { operator } = bench.world;
    const update = { id: operator.id, locale: 'de-de' };
    expect((await updateUser(bench.database, operator.principal, update, anyTarget)).value?.locale).toBe('de-DE');
    expect((await sendAlert()).subject).toBe('Vera möchte mit einem Menschen sprechen');
  });

  it('is that of the visitor before that of the organization', async () => {
    await speak('es');
    const [inSpanish] = await answers(1, 'vera.es@visitor.example');
    expect(inSpanish!.subject).toMatch(/^Su consulta a /);
    await bench.reset();
    await speak('es');
    await bench.source.query(`update visitors set locale = 'pt-PT' where id = $1`, [bench.world.visitor.id]);
    const [inPortuguese] = await answers(1, 'vera.pt@visitor.example');
    expect(inPortuguese!.subject).toMatch(/^A sua pergunta a /);
  });
});

/** One header as it went over the wire: parsers take the address apart. */
function rawHeader({ raw }: ReceivedMail, name: string): string {
  const head = raw.slice(0, raw.search(/\r?\n\r?\n/)).replace(/\r?\n[ \t]+/g, ' ');
  return new RegExp(`^${name}: (.*)$`, 'm').exec(head)?.[1] ?? '';
}
