import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParsedMail, simpleParser } from 'mailparser';
import { newId } from '../../src/database/ids';
import { encodePublicId } from '../../src/domain/public-id';
import { eventually, type Scene, startScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ env: { DASHBOARD_URL: 'https://desk.example' } });
});
afterAll(() => scene.api.stop());

const INVITATIONS = `query($id: ID!) { organization(id: $id) {
  invitations { id email permissions acceptedAt revokedAt invitedBy { id } } } }`;
interface Listed {
  readonly organization: {
    readonly invitations: readonly { readonly id: string; readonly acceptedAt: string | null }[];
  };
}

/** Mails to this address, as the worker has written them. */
async function mailsTo(address: string): Promise<ParsedMail[]> {
  const folder = join(scene.api.dataDirectory, 'mail');
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.eml')) : [];
  const mails = await Promise.all(files.map((name) => simpleParser(readFileSync(join(folder, name)))));
  return mails.filter(({ to }) => [to].flat().some((each) => each?.text.includes(address)));
}

const invite = (email: string) =>
  scene.people.manager.act('inviteUser', {
    organizationId: scene.ids.organization,
    email,
    permissions: ['VIEW_CONVERSATIONS'],
  });

describe('an invitation', () => {
  it('is shown to those who manage members alone, as a list and as a node', async () => {
    const { invitation } = await invite('seen@new.example');
    const { viewer, operator, manager, otherMember, owner } = scene.people;
    const variables = { id: scene.ids.organization };
    for (const caller of [viewer, operator]) {
      const { errors } = await caller.post(INVITATIONS, variables);
      expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
    for (const caller of [manager, owner]) {
      const { organization } = await caller.ask<Listed>(INVITATIONS, variables);
      expect(organization.invitations).toContainEqual({
        id: invitation!.id,
        email: 'seen@new.example',
        permissions: ['VIEW_CONVERSATIONS'],
        acceptedAt: null,
        revokedAt: null,
        invitedBy: { id: encodePublicId('user', scene.world.manager.id) },
      });
    }
    const node = 'query($id: ID!) { node(id: $id) { id } }';
    const ask = (caller: typeof viewer, id: string) => caller.ask<{ node: unknown }>(node, { id });
    expect(await ask(manager, invitation!.id)).toEqual({ node: { id: invitation!.id } });
    for (const caller of [viewer, otherMember, scene.people.visitor]) {
      expect(await ask(caller, invitation!.id)).toEqual({ node: null });
    }
    expect(await ask(manager, encodePublicId('invitation', newId()))).toEqual({ node: null });
  });

  it('is mailed once under the brand, with a link whose token makes an account that is signed in', async () => {
    const { invitation } = await invite('nora@new.example');
    const [mail] = await eventually(
      () => mailsTo('nora@new.example'),
      (mails) => mails.length > 0,
    );
    expect(mail!.subject).toBe('Your invitation to client');
    expect(mail!.text).toContain('has invited you to answer visitors of client.');
    const [, token] = /https:\/\/desk\.example\/invitations\/(bat_i_[\w-]{43})\s/.exec(mail!.text!)!;
    const input = { token, displayName: 'Nora', password: 'a long enough password' };
    const { accessToken } = await scene.nobody.act('acceptInvitation', input);
    const nora = scene.nobody.as(accessToken!);
    expect(await nora.ask('{ viewer { ... on User { displayName email permissions organization { id } } } }')).toEqual({
      viewer: {
        displayName: 'Nora',
        email: 'nora@new.example',
        permissions: ['VIEW_CONVERSATIONS'],
        organization: { id: scene.ids.organization },
      },
    });
    expect(await scene.nobody.refusals('acceptInvitation', input)).toEqual(['INVALID_CREDENTIALS']);
    const list = await scene.people.manager.ask<Listed>(INVITATIONS, { id: scene.ids.organization });
    expect(list.organization.invitations.find(({ id }) => id === invitation!.id)?.acceptedAt).toEqual(
      expect.any(String),
    );
    expect(await mailsTo('nora@new.example')).toHaveLength(1);
  });

  it('holds its token nowhere in the database', async () => {
    await invite('safe@new.example');
    const [mail] = await eventually(
      () => mailsTo('safe@new.example'),
      (mails) => mails.length > 0,
    );
    const [, token] = /invitations\/(bat_i_[\w-]{43})\s/.exec(mail!.text!)!;
    const { source } = scene.api;
    const tables = await source.query<{ name: string }[]>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      const [row] = await source.query<{ found: number }[]>(
        `select count(*)::int as found from ${name} t where position($1 in t::text) > 0`,
        [token],
      );
      expect({ name, found: row?.found }).toEqual({ name, found: 0 });
    }
  });
});

describe('a password reset', () => {
  it('is mailed as a link that sets the password and closes what was open with the old one', async () => {
    const { email } = scene.world.limited.row;
    expect(await scene.nobody.refusals('requestPasswordReset', { email })).toEqual([]);
    expect(await scene.nobody.refusals('requestPasswordReset', { email: 'nobody@new.example' })).toEqual([]);
    const [mail] = await eventually(
      () => mailsTo(email),
      (mails) => mails.length > 0,
    );
    expect(mail!.subject).toBe('Your password at client');
    const [, token] = /https:\/\/desk\.example\/password-reset\/(bat_p_[\w-]{43})\s/.exec(mail!.text!)!;
    const input = { token, newPassword: 'a new long password' };
    expect(await scene.nobody.refusals('resetPassword', input)).toEqual([]);
    expect(await scene.people.limited.ask('{ viewer { __typename } }')).toEqual({ viewer: null });
    await scene.nobody.act('signIn', { email, password: input.newPassword });
    expect(await scene.nobody.refusals('resetPassword', input)).toEqual(['INVALID_CREDENTIALS']);
    expect(await mailsTo('nobody@new.example')).toEqual([]);
  });
});
