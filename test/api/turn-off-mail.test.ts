import { randomBytes } from 'node:crypto';
import { type ReceivedMail, type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import type { Caller } from '../support/api-client';
import { addScene, request, type Scene, startScene } from './scene';

let inbox: SmtpInbox;
let scene: Scene;
beforeAll(async () => {
  inbox = await startSmtpInbox();
  const env = { SMTP_URL: inbox.url, PUBLIC_URL: 'https://chat.example' };
  scene = await startScene({ env, world: { agent: { responderKind: 'API' } } });
});
afterAll(async () => {
  await scene.api.stop();
  await inbox.stop();
});

interface Reader {
  readonly own: Scene;
  /** What the mail's link leads to, on this server. */
  readonly url: string;
}

/** An operator who has got a mail about a request. */
async function mailed(): Promise<Reader> {
  const own = await addScene(scene.api, { agent: { responderKind: 'API' } });
  await request(await own.visit());
  const mail = await inbox.waitForMail(({ envelope }) => envelope.to.includes(own.world.operator.row.email));
  return { own, url: linkIn(mail).replace('https://chat.example', new URL(scene.api.url).origin) };
}

function linkIn({ raw }: ReceivedMail): string {
  return /^List-Unsubscribe: <(.*)>\r?$/m.exec(raw)![1]!;
}

async function channelsOf(reader: Caller): Promise<readonly string[]> {
  const { viewer } = await reader.ask<{ viewer: { notificationSettings: { channels: string[] } } }>(
    'query { viewer { ... on User { notificationSettings { channels } } } }',
  );
  return viewer.notificationSettings.channels;
}

const ONE_CLICK = 'List-Unsubscribe=One-Click';
const FORM = 'application/x-www-form-urlencoded';
const post = (url: string, body: string, type = FORM): Promise<Response> =>
  fetch(url, { method: 'POST', body, headers: { 'content-type': type }, redirect: 'error' });

describe('the link that turns mails off', () => {
  it.each([
    [
      'one that this server never gave out',
      (token: string) =>
        `bat_o_${randomBytes(64)
          .toString('base64url')
          .slice(0, token.length - 6)}`,
    ],
    ['one that is cut short', (token: string) => token.slice(0, -1)],
    ['one of another person, under this signature', (token: string) => token.replace(/^(.{40})../, '$1AA')],
    ['none at all', () => ''],
  ])('is unknown with %s', async (_, change) => {
    const { own, url } = await mailed();
    const [, base, token] = /^(.*\/)([^/]+)$/.exec(url)!;
    const wrong = `${base!}${change(token!)}`;
    expect(wrong).not.toBe(url);
    for (const response of [await fetch(wrong), await post(wrong, ONE_CLICK)]) {
      expect(response.status).toBe(404);
      expect(await response.text()).toContain('This link is not complete.');
    }
    expect(await channelsOf(own.people.operator)).toEqual(['EMAIL']);
  });

  it('shows a page in the language and under the brand of the reader, and changes nothing: scanners follow it', async () => {
    const { own, url } = await mailed();
    await own.people.operator.act('updateUser', { id: own.ids.operator, locale: 'de' });
    const response = await fetch(url);
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page).toContain('<html lang="de" dir="ltr">');
    expect(page).toContain(`E-Mails von ${own.world.organization.name}`);
    expect(page).toContain('<form method="post">');
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(await channelsOf(own.people.operator)).toEqual(['EMAIL']);
  });

  it('may neither be framed, kept nor told to other pages', async () => {
    const { url } = await mailed();
    const { headers } = await fetch(url);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['no-referrer', 'no-store']);
  });

  const inParts = `--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n`;
  it.each([
    ['a form', ONE_CLICK, FORM],
    ['a form in parts', inParts, 'multipart/form-data; boundary=x'],
  ])(
    'turns them off by one POST of %s, without cookies and redirects, for this person alone',
    async (_, body, type) => {
      const { own, url } = await mailed();
      await own.people.operator.act('updateNotificationSettings', {
        channels: ['PUSH', 'EMAIL'],
        events: 'ALL_MESSAGES',
      });
      for (let times = 0; times < 2; times += 1) {
        const response = await post(url, body, type);
        expect(response.status).toBe(200);
        expect(await response.text()).toContain('You get no more notifications by e-mail.');
      }
      expect(await channelsOf(own.people.operator)).toEqual(['PUSH']);
      expect(await channelsOf(own.people.manager)).toEqual(['EMAIL']);
      await own.people.operator.act('updateNotificationSettings', { channels: ['EMAIL'] });
      expect(await channelsOf(own.people.operator)).toEqual(['EMAIL']);
    },
  );

  it('of a person without any settings keeps what else the organization says, whatever it says later', async () => {
    const { own, url } = await mailed();
    const organizationId = own.ids.organization;
    const say = (memberChannels: string[]) =>
      own.people.manager.act('updateOrganizationHandoff', { organizationId, memberChannels });
    await say(['EMAIL', 'PUSH']);
    expect((await post(url, ONE_CLICK)).status).toBe(200);
    expect(await channelsOf(own.people.operator)).toEqual(['PUSH']);
    await say(['EMAIL']);
    expect(await channelsOf(own.people.operator)).toEqual(['PUSH']);
    expect(await channelsOf(own.people.secondOperator)).toEqual(['EMAIL']);
  });

  it('of a person without any settings keeps what else is the default', async () => {
    const { own, url } = await mailed();
    expect((await post(url, ONE_CLICK)).status).toBe(200);
    expect(await channelsOf(own.people.operator)).toEqual([]);
  });

  it.each([
    ['another word', 'List-Unsubscribe=Yes', 400],
    ['nothing', '', 400],
    ['more than a form', 'x'.repeat(5000), 413],
  ])('refuses a POST of %s', async (_, body, status) => {
    const { own, url } = await mailed();
    expect((await post(url, body)).status).toBe(status);
    expect(await channelsOf(own.people.operator)).toEqual(['EMAIL']);
  });

  it('refuses other methods, and says which there are', async () => {
    const { url } = await mailed();
    const response = await fetch(url, { method: 'DELETE' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
  });
});
