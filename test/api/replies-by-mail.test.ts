import { createHmac } from 'node:crypto';
import { eventually, readMessages, type Scene, startScene } from './scene';
import { INQUIRY, type InquiryView, type NotificationView, READ_NOTIFICATIONS } from '../support/documents';
import { type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';

const KEY = Buffer.alloc(24, 7).toString('base64');

let inbox: SmtpInbox;
let scene: Scene;
beforeAll(async () => {
  inbox = await startSmtpInbox();
  const inbound = {
    BATON_INBOUND_DOMAIN: 'In.Example.com',
    BATON_INBOUND_SMTP_HOST: '127.0.0.1',
    BATON_INBOUND_SMTP_PORT: '0',
    BATON_INBOUND_HOOK_SECRET: `whsec_${KEY}`,
  };
  scene = await startScene({ env: { SMTP_URL: inbox.url, ...inbound } });
});
afterAll(async () => {
  await scene.api.stop();
  await inbox.stop();
});

async function handOver(raw: string): Promise<string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const mac = createHmac('sha256', Buffer.from(KEY, 'base64')).update(`m.${timestamp}.${raw}`).digest('base64');
  const headers = { 'webhook-id': 'm', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
  const response = await fetch(new URL('/inbound-mail', scene.api.url), { method: 'POST', headers, body: raw });
  return response.text();
}

const READ_INQUIRY = `query ($id: ID!) { inquiry(id: $id) ${INQUIRY} }`;

it('a visitor’s reply to the mail of an answer is in the conversation, opens the inquiry again and rings', async () => {
  const { people } = scene;
  const { visitor, conversationId } = await scene.visit();
  const question = { conversationId, email: 'vera@example.com', text: 'Does it fit?', idempotencyKey: 'i' };
  const inquiryId = (await visitor.act('submitInquiry', question)).inquiry!.id;
  await people.operator.act('answerInquiry', { inquiryId, text: 'It does.', idempotencyKey: 'a' });
  const answer = await inbox.waitForMail((mail) => mail.envelope.to.includes('vera@example.com'));
  const address = answer.replyTo!.value[0]!.address!;
  expect(address).toMatch(/^reply\+[0-9a-f]{32}@in\.example\.com$/);

  const head = `From: vera@example.com\r\nTo: ${address}\r\nIn-Reply-To: ${answer.messageId!}\r\n`;
  const reply = `${head}Message-ID: <r1@example.com>\r\n\r\nThank you!\r\n\r\nOn Mon, Nov 23, 2026 at 9:00 AM Acme <a@example.com> wrote:\r\n> It does.\r\n`;
  // What we have sent ourselves, should somebody send it back to us.
  expect(await handOver(`${head}Message-ID: ${answer.messageId!}\r\n\r\nThank you!\r\n`)).toBe('OWN');
  expect([await handOver(reply), await handOver(reply)]).toEqual(['TAKEN', 'DUPLICATE']);

  const messages = await readMessages(people.operator, conversationId);
  expect(messages.at(-1)).toMatchObject({ text: 'Thank you!', kind: 'INQUIRY' });
  const { inquiry } = await people.operator.ask<{ inquiry: InquiryView }>(READ_INQUIRY, { id: inquiryId });
  expect(inquiry.state).toBe('OPEN');
  const rings = async (): Promise<number> => {
    const bell = await people.secondOperator.ask<{ notifications: { nodes: NotificationView[] } }>(READ_NOTIFICATIONS);
    return bell.notifications.nodes.filter(({ kind }) => kind === 'INQUIRY_SUBMITTED').length;
  };
  await eventually(rings, (count) => count === 2);
});
