import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTransport } from 'nodemailer';
import { type InboundReply, InboundMails, MAX_MAIL_BYTES } from '../../src/inbound/inbound-mails';
import { createMailHook } from '../../src/inbound/mail-hook';
import { type SmtpReceiver, startSmtpReceiver } from '../../src/inbound/smtp-receiver';

const TOKEN = 'ab'.repeat(16);
const ADDRESS = `reply+${TOKEN}@in.example.com`;
const INQUIRY = { workspaceId: 'w', inquiryId: 'i' };
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

const taken: InboundReply[] = [];
const outcomes: string[] = [];
let mayBegin = true;
let lookedUp = 0;
let receiver: SmtpReceiver;
let http: Server;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const mails = new InboundMails({
  domain: 'in.example.com',
  findInquiry: async (token) => {
    lookedUp += 1;
    return Promise.resolve(token === TOKEN ? INQUIRY : null);
  },
  receive: async (reply) => {
    taken.push(reply);
    return Promise.resolve('TAKEN');
  },
  isOwn: (id) => id.startsWith('<dlv_'),
  log: silent,
  onEnded: (outcome) => void outcomes.push(outcome),
});

beforeAll(async () => {
  const limits = { mayBegin: async () => Promise.resolve(mayBegin) };
  receiver = await startSmtpReceiver({ mails, host: '127.0.0.1', port: 0, tls: null, log: silent, ...limits });
  const hook = createMailHook(mails, SECRET);
  http = createServer((request, response) => void hook(request, response));
  await new Promise<void>((resolve) => void http.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  taken.length = 0;
  outcomes.length = 0;
  mayBegin = true;
  lookedUp = 0;
});
afterAll(async () => {
  await receiver.stop();
  await new Promise((resolve) => void http.close(resolve));
});

const RAW = [
  'From: Vera <vera@example.com>',
  `To: Acme <${ADDRESS}>`,
  'Message-ID: <1@example.com>',
  'Subject: Re: Your question',
  '',
  'It works.',
  '',
  'On Mon, Nov 23, 2026 at 9:00 AM Acme <x@example.com> wrote:',
  '> Does it?',
  '',
].join('\r\n');

async function smtp(raw: string | Buffer, to = ADDRESS, from = 'vera@example.com'): Promise<unknown> {
  const transport = createTransport({ host: '127.0.0.1', port: receiver.port, ignoreTLS: true });
  try {
    await transport.sendMail({ envelope: { from, to: [to] }, raw });
    return 'accepted';
  } catch (error) {
    return (error as { responseCode?: number }).responseCode;
  } finally {
    transport.close();
  }
}

interface Signing {
  readonly body?: string;
  readonly at?: number;
  readonly secret?: string;
}

async function hook(raw: string, { body = raw, at = Date.now(), secret = SECRET }: Signing = {}): Promise<string> {
  const timestamp = String(Math.floor(at / 1000));
  const key = Buffer.from(secret.slice(6), 'base64');
  const signature = createHmac('sha256', key).update(`m1.${timestamp}.${body}`).digest('base64');
  const { port } = http.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/inbound-mail`, {
    method: 'POST',
    headers: { 'webhook-id': 'm1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,xx v1,${signature}` },
    body: raw,
  });
  return `${response.status} ${response.ok ? await response.text() : ''}`.trim();
}

describe('mail over SMTP', () => {
  it('tries five unknown recipients on a connection, and looks no others up', async () => {
    const to = Array.from({ length: 7 }, (_, index) => `reply+${String(index).repeat(32)}@in.example.com`);
    const transport = createTransport({ host: '127.0.0.1', port: receiver.port, ignoreTLS: true });
    await expect(transport.sendMail({ envelope: { from: 'vera@example.com', to }, raw: RAW })).rejects.toThrow();
    transport.close();
    expect(lookedUp).toBe(5);
  });

  it('for anybody else is refused before its text', async () => {
    expect(await smtp(RAW, 'someone@in.example.com')).toBe(550);
    expect(await smtp(RAW, ADDRESS.replace('ab', 'cd'))).toBe(550);
    expect([taken, outcomes]).toEqual([[], []]);
  });

  it('beyond the limit of its sender is put off, and a longer one than 10 MB refused', async () => {
    mayBegin = false;
    expect(await smtp(RAW)).toBe(450);
    mayBegin = true;
    expect(await smtp(Buffer.concat([Buffer.from(RAW), Buffer.alloc(MAX_MAIL_BYTES, 'x\r\n')]))).toBe(552);
    expect(taken).toEqual([]);
  });

  it('is taken once, without what it quotes', async () => {
    expect(await smtp(RAW)).toBe('accepted');
    const reply = { ...INQUIRY, messageId: '<1@example.com>', sender: 'vera@example.com', text: 'It works.' };
    expect([taken, outcomes]).toEqual([[reply], ['TAKEN']]);
  });

  it('of a program is accepted and ignored', async () => {
    expect(await smtp(`Auto-Submitted: auto-replied\r\n${RAW}`)).toBe('accepted');
    expect(await smtp(RAW, ADDRESS, '')).toBe('accepted');
    expect([taken, outcomes]).toEqual([[], ['AUTOMATIC', 'BOUNCE']]);
  });

  it('in HTML alone is its text, and says that files were left out', async () => {
    const parts = [
      'From: vera@example.com',
      `To: ${ADDRESS}`,
      'Message-ID: <2@example.com>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/html; charset=utf-8',
      '',
      '<p>It <b>w\u00f6rks</b>.</p><script>alert(1)</script>',
      '--b',
      'Content-Type: image/png; name=a.png',
      'Content-Disposition: attachment; filename=a.png',
      'Content-Transfer-Encoding: base64',
      '',
      'AAAA',
      '--b--',
      '',
    ];
    await smtp(parts.join('\r\n'));
    expect(taken.map(({ text }) => text)).toEqual(['It w\u00f6rks.\n\n(One attachment was left out.)']);
  });
});

describe('mail over the hook', () => {
  it.each<[string, Signing]>([
    ['of another mail', { body: 'x' }],
    ['with another key', { secret: `whsec_${Buffer.alloc(24, 8).toString('base64')}` }],
    ['of ten minutes ago', { at: Date.now() - 600_000 }],
    ['of a time to come', { at: Date.now() + 600_000 }],
  ])('with a signature %s is refused', async (_what, signing) => {
    expect(await hook(RAW, signing)).toBe('401');
    expect(taken).toEqual([]);
  });

  it('is taken by what its headers name, and ignored when they name nobody', async () => {
    expect(await hook(RAW)).toBe('200 TAKEN');
    expect(await hook(RAW.replace(TOKEN, 'cd'.repeat(16)))).toBe('200 UNKNOWN_RECIPIENT');
    expect(
      await hook(
        RAW.replace('To: Acme', `Delivered-To: <${ADDRESS}>\r\nTo: Acme`).replace(/To: Acme.*/, 'To: x@example.com'),
      ),
    ).toBe('200 TAKEN');
    expect(taken).toHaveLength(2);
  });

  it('longer than 10 MB is refused', async () => {
    expect(await hook('x'.repeat(MAX_MAIL_BYTES + 1)).catch(() => '413')).toBe('413');
  });
});
