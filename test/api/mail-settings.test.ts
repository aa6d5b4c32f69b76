import { type ReceivedMail, type SmtpInbox, startSmtpInbox } from '../support/smtp-inbox';
import type { MailSettingsView } from '../support/mutation-documents';
import type { Caller } from '../support/api-client';
import { addScene, eventually, request, type Scene, startScene } from './scene';

const auth = { user: 'shoes', pass: 'a secret of the shop' };
let ours: SmtpInbox;
let theirs: SmtpInbox;
let scene: Scene;
/** With a worker whose sweeper looks as it does in production. */
beforeAll(async () => {
  [ours, theirs] = await Promise.all([startSmtpInbox(), startSmtpInbox({ auth })]);
  scene = await startScene({ env: { SMTP_URL: ours.url }, world: { agent: { responderKind: 'API' } } });
});
afterAll(async () => {
  await scene.api.stop();
  await Promise.all([ours.stop(), theirs.stop()]);
});

const inputOf = ({ ids }: Scene, password: string) => ({
  ...{ workspaceId: ids.workspace, host: '127.0.0.1', port: Number(new URL(theirs.url).port), security: 'NONE' },
  ...{ username: auth.user, password, fromAddress: 'team@shoes.example' },
});

const SETTINGS = '{ workspace { mailSettings { host hasPassword fromAddress verifiedAt lastError } } }';
async function settingsOf(reader: Caller): Promise<MailSettingsView | null> {
  return (await reader.ask<{ workspace: { mailSettings: MailSettingsView | null } }>(SETTINGS)).workspace.mailSettings;
}

const to = (address: string) => (mail: ReceivedMail) => mail.envelope.to.includes(address);

describe('the mail settings of a workspace', () => {
  it('are shown to nobody but its staff', async () => {
    const own = await addScene(scene.api);
    await own.people.owner.act('updateWorkspaceMailSettings', inputOf(own, auth.pass));
    for (const person of ['operator', 'manager'] as const) {
      const { errors } = await own.people[person].post(SETTINGS);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
      expect(await own.people[person].refusals('updateWorkspaceMailSettings', inputOf(own, 'x'))).toEqual([
        'FORBIDDEN',
      ]);
    }
    expect(await settingsOf(scene.people.owner)).toBeNull();
  });

  it('never show the password, nor hold it in clear anywhere in the database', async () => {
    const own = await addScene(scene.api);
    const { mailSettings } = await own.people.owner.act('updateWorkspaceMailSettings', inputOf(own, auth.pass));
    expect(mailSettings).toMatchObject({ hasPassword: true, verifiedAt: null });
    const dump = await own.api.source.query<{ row: string }[]>('select s::text as row from mail_settings s');
    const log = await own.api.source.query<{ row: string }[]>('select a::text as row from audit_entries a');
    const told = JSON.stringify([mailSettings, dump, log]);
    expect(told).toContain('sealed:v1:');
    expect(told).not.toContain(auth.pass);
  });

  it('are tested by a mail to oneself: a wrong password is told, the right one lets mails leave', async () => {
    const own = await addScene(scene.api, { agent: { responderKind: 'API' } });
    const { owner, manager } = own.people;
    await owner.act('updateUser', { id: await viewerId(owner), locale: 'fr' });
    await owner.act('updateWorkspaceMailSettings', inputOf(own, 'wrong'));
    const refused = await owner.attempt('sendTestMail', { workspaceId: own.ids.workspace });
    expect(refused.userErrors).toMatchObject([{ code: 'INVALID', message: expect.stringContaining('535') }]);
    expect(refused.mailSettings).toMatchObject({ verifiedAt: null, lastError: expect.stringContaining('535') });

    await owner.act('updateWorkspaceMailSettings', inputOf(own, auth.pass));
    const { mailSettings } = await owner.act('sendTestMail', { workspaceId: own.ids.workspace });
    expect(mailSettings).toMatchObject({ verifiedAt: expect.any(String), lastError: null });
    const mail = await theirs.waitForMail(to(own.world.owner.row.email));
    expect(mail.subject).toBe(`E-mail de test de ${own.world.workspace.name}`);
    expect(mail.from?.value[0]?.address).toBe('team@shoes.example');

    await request(await own.visit());
    await theirs.waitForMail(to(own.world.operator.row.email));
    expect(ours.mails.filter(to(own.world.operator.row.email))).toEqual([]);
    expect(await settingsOf(owner)).toMatchObject({ host: '127.0.0.1' });

    await owner.act('removeWorkspaceMailSettings', { workspaceId: own.ids.workspace });
    expect(await settingsOf(owner)).toBeNull();
    await manager.act('inviteUser', {
      ...{ organizationId: own.ids.organization, email: 'removed@example.com', permissions: [] },
    });
    await ours.waitForMail(to('removed@example.com'));
  });

  it('whose password becomes wrong lose no mail: it waits, and goes once the server works again', async () => {
    const own = await addScene(scene.api, { agent: { responderKind: 'API' } });
    const { owner, manager } = own.people;
    const email = 'patient@example.com';
    await owner.act('updateWorkspaceMailSettings', inputOf(own, auth.pass));
    await owner.act('sendTestMail', { workspaceId: own.ids.workspace });
    // As when the partner has changed it at the provider: what was verified is wrong now.
    await own.api.source.query('update mail_settings set password = null, username = null, version = version + 1');
    await manager.act('inviteUser', { organizationId: own.ids.organization, email, permissions: [] });
    const failed = await eventually(
      () => settingsOf(owner),
      (settings) => settings?.lastError !== null,
    );
    expect(failed?.verifiedAt).not.toBeNull();
    expect([ours, theirs].flatMap(({ mails }) => mails.filter(to(email)))).toEqual([]);

    await owner.act('updateWorkspaceMailSettings', inputOf(own, auth.pass));
    await owner.act('sendTestMail', { workspaceId: own.ids.workspace });
    await theirs.waitForMail(to(email), 40_000);
    expect(ours.mails.filter(to(email))).toEqual([]);
  });
});

async function viewerId(reader: Caller): Promise<string> {
  return (await reader.ask<{ viewer: { id: string } }>('{ viewer { ... on User { id } } }')).viewer.id;
}
