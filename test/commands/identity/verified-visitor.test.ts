import { rotateIdentitySecret } from '../../../src/commands/agent/rotate-identity-secret';
import { type UpdateAgent, updateAgent } from '../../../src/commands/agent/update-agent';
import {
  type StartVisitorSession,
  startVisitorSession,
  type StartedVisitorSession,
} from '../../../src/commands/session/start-visitor-session';
import type { Outcome } from '../../../src/domain/refusal';
import { Agent } from '../../../src/entities/agent';
import { Visitor } from '../../../src/entities/visitor';
import { createSecretBox } from '../../../src/identity/secret-box';
import { hashToken, newToken } from '../../../src/identity/tokens';
import { authenticate } from '../../../src/queries/authenticate';
import { changedAccess } from '../../../src/queries/changed-access';
import { forgetUsedIdentityTokens } from '../../../src/queries/used-identity-tokens';
import { identityClaims, signIdentity } from '../../support/identity-tokens';
import { createWorld, type World } from '../../support/world';
import { anyTarget } from './any-target';
import { accepted, codes, openDatabase } from './open-database';

const box = createSecretBox([Buffer.alloc(32, 7)]);
const secrets = {
  sealSecret: (clear: string, place: string) => box.seal(clear, place),
  openSecret: (stored: string, place: string) => box.open(stored, place),
};
let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
let secret: string;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
  secret = await rotate();
});
afterAll(() => database.close());

async function rotate(overlapSeconds?: number, agentId = world.agent.id): Promise<string> {
  const input = { agentId, overlapSeconds };
  return accepted(await rotateIdentitySecret(database, world.manager.principal, input, secrets)).secret;
}
const start = (input: Partial<StartVisitorSession>): Promise<Outcome<StartedVisitorSession>> =>
  startVisitorSession(database, { agentPublicKey: world.agent.publicKey, origin: null, ...input }, secrets);
const token = (change: object = {}, by = secret): string =>
  signIdentity(by, identityClaims(world.agent.publicKey, change));
const startAs = (sub: string, change: object = {}): Promise<Outcome<StartedVisitorSession>> =>
  start({ identityToken: token({ sub, ...change }) });
const update = (input: UpdateAgent): Promise<Outcome<Agent>> =>
  updateAgent(database, world.manager.principal, input, anyTarget);
const agentRow = (): Promise<Agent> => database.source.manager.findOneByOrFail(Agent, { id: world.agent.id });
const countVisitors = (): Promise<number> =>
  database.source.manager.countBy(Visitor, { workspaceId: world.workspace.id });

describe('startVisitorSession with an identity token', () => {
  it('of an agent without a secret is INVALID, and says what to do', async () => {
    const agentPublicKey = world.secondAgent.publicKey;
    const identityToken = signIdentity(secret, identityClaims(agentPublicKey));
    const outcome = await start({ agentPublicKey, identityToken });
    expect(codes(outcome)).toEqual(['INVALID identityToken']);
    expect(outcome.refusals[0]!.message).toContain('rotateIdentitySecret');
  });

  it.each<[string, string, () => string]>([
    ['no token at all', 'INVALID', () => 'a.b.c'],
    ["another agent's secret", 'INVALID', () => token({}, 'bat_s_of-another-agent')],
    ["another agent's public key", 'INVALID', () => token({ aud: world.secondAgent.publicKey })],
    ['the secret as it is stored', 'INVALID', () => token({}, stored!)],
    ['a past end', 'TOKEN_EXPIRED', () => token({ iat: undefined, exp: Math.floor(Date.now() / 1000) - 60 })],
    ['an address that is none', 'INVALID', () => token({ email: 'ana@example.com, eva@example.com' })],
    ['a name of two lines', 'INVALID', () => token({ name: 'Ana\nVerified' })],
    ['a language that is none', 'INVALID', () => token({ locale: '??' })],
  ])('with %s is %s and creates nobody', async (_case, code, identityToken) => {
    stored = (await agentRow()).identitySecret;
    expect(codes(await start({ identityToken: identityToken() }))).toEqual([`${code} identityToken`]);
    expect(await countVisitors()).toBe(2);
  });
  let stored: string | null;

  it('of the secret of another agent of the same partner is INVALID', async () => {
    const other = await rotate(0, world.secondAgent.id);
    expect(codes(await start({ identityToken: token({}, other) }))).toEqual(['INVALID identityToken']);
  });

  it('that was used is TOKEN_EXPIRED, in ten processes at once too: one of them gets in', async () => {
    const identityToken = token({ sub: 'ana' });
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => start({ identityToken })));
    expect(outcomes.filter(({ value }) => value !== null)).toHaveLength(1);
    const refused = outcomes.filter(({ value }) => value === null).flatMap(codes);
    expect(new Set(refused)).toEqual(new Set(['TOKEN_EXPIRED identityToken']));
    // The same jti in another token is the same token.
    const jti = 'the same';
    accepted(await startAs('ana', { jti }));
    expect(codes(await startAs('ben', { jti }))).toEqual(['TOKEN_EXPIRED identityToken']);
  });

  it('remembers used tokens until they can be shown no more', async () => {
    const identityToken = token();
    accepted(await start({ identityToken }));
    await forgetUsedIdentityTokens(database.source, { limit: 1000 });
    expect(codes(await start({ identityToken }))).toEqual(['TOKEN_EXPIRED identityToken']);
    await database.source.query("update used_identity_tokens set expires_at = now() - interval '1 second'");
    expect(await forgetUsedIdentityTokens(database.source, { limit: 1000 })).toBeGreaterThan(0);
    // The table is what refused it: nothing else remembers.
    accepted(await start({ identityToken }));
  });

  it('does not use up a token that is refused for what it says', async () => {
    const jti = 'mine';
    expect(codes(await startAs('ana', { jti, email: 'none' }))).toEqual(['INVALID identityToken']);
    accepted(await startAs('ana', { jti }));
  });

  it('finds one visitor for ever by agent and sub, in two tabs at once', async () => {
    const tabs = (await Promise.all([1, 2, 3, 4].map(() => startAs('ana', { name: ' Ana ' })))).map(accepted);
    expect(new Set(tabs.map(({ visitor }) => visitor.id)).size).toBe(1);
    const later = accepted(await startAs('ana', { email: 'ana@example.com', locale: 'ES' }));
    expect(later.visitor).toMatchObject({ id: tabs[0]!.visitor.id, isVerified: true, externalId: 'ana' });
    expect(await database.source.manager.findOneByOrFail(Visitor, { id: later.visitor.id })).toMatchObject({
      displayName: 'Ana',
      email: 'ana@example.com',
      locale: 'es',
    });
    for (const sub of ['Ana', 'ana ', 'anа'])
      expect(accepted(await startAs(sub)).visitor.id).not.toBe(later.visitor.id);
    expect(await authenticate(database.source, `Bearer ${later.visitorToken}`)).toMatchObject({
      visitorId: later.visitor.id,
    });
  });

  it('takes name and address from the token alone: operators trust what is verified', async () => {
    const page = { displayName: 'The boss', email: 'boss@example.com', locale: 'fr' };
    const { visitor } = accepted(await start({ identityToken: token(), ...page }));
    expect(visitor).toMatchObject({ displayName: 'Visitor', email: null, locale: 'fr' });
  });

  it('gives no resume token, and no conversation of whoever holds one: an identity is never merged', async () => {
    const { visitor, resumeToken } = accepted(
      await start({ identityToken: token(), resumeToken: world.visitor.resumeToken }),
    );
    expect(resumeToken).toBeNull();
    expect(visitor.id).not.toBe(world.visitor.id);
    const anonymous = accepted(await start({ resumeToken: world.visitor.resumeToken }));
    expect(anonymous.visitor).toMatchObject({ id: world.visitor.id, isVerified: false, externalId: null });
  });

  it.each([
    ['a verified visitor a resume token', { resumeTokenHash: hashToken(newToken('VISITOR_RESUME')) }],
    ['a verified visitor no name of the partner', { externalId: null }],
    ['anybody a name of the partner without a token', { isVerified: false }],
  ])('by a mistake in the code cannot give %s: the database refuses', async (_case, change) => {
    const { visitor } = accepted(await startAs('ana'));
    await expect(database.source.manager.update(Visitor, { id: visitor.id }, change)).rejects.toThrow(
      /check constraint/,
    );
  });
});

describe('an agent that requires identity', () => {
  const require = (value: boolean): Promise<Outcome<Agent>> =>
    update({ id: world.agent.id, identityVerificationRequired: value });

  it('cannot be made so without a secret', async () => {
    const input = { id: world.secondAgent.id, identityVerificationRequired: true };
    const outcome = await update(input);
    expect(codes(outcome)).toEqual(['INVALID identityVerificationRequired']);
    expect(outcome.refusals[0]!.message).toContain('rotateIdentitySecret');
    accepted(await update({ ...input, identityVerificationRequired: false }));
  });

  it('refuses everybody else at once: at the start, with a resume token, and in a session that is open', async () => {
    const verified = accepted(await startAs('ana'));
    const asked = async () => ({
      verified: await authenticate(database.source, `Bearer ${verified.visitorToken}`),
      anonymous: await authenticate(database.source, `Bearer ${world.visitor.token}`),
      changed: await changedAccess(database.source, [world.visitor.principal]),
    });
    expect(await asked()).toMatchObject({ verified: {}, anonymous: {}, changed: { size: 0 } });
    accepted(await require(true));
    expect(await asked()).toMatchObject({ verified: {}, anonymous: null, changed: { size: 1 } });
    expect(codes(await start({}))).toEqual(['FORBIDDEN identityToken']);
    expect(codes(await start({ resumeToken: world.visitor.resumeToken }))).toEqual(['FORBIDDEN identityToken']);
    accepted(await startAs('ana'));
    accepted(await require(false));
    expect(await asked()).toMatchObject({ anonymous: {}, changed: { size: 0 } });
  });
});

describe('rotateIdentitySecret', () => {
  it.each(['operator', 'otherMember', 'agentKey', 'visitor'] as const)('by %s is refused', async (who) => {
    const { principal } = world[who];
    const outcome = await rotateIdentitySecret(database, principal, { agentId: world.agent.id }, secrets);
    expect(codes(outcome)).toEqual([who === 'otherMember' ? 'NOT_FOUND agentId' : 'FORBIDDEN agentId']);
  });

  it.each([-1, 1.5, 604_801])('with an overlap of %s seconds is INVALID', async (overlapSeconds) => {
    const input = { agentId: world.agent.id, overlapSeconds };
    const outcome = await rotateIdentitySecret(database, world.owner.principal, input, secrets);
    expect(codes(outcome)).toEqual(['INVALID overlapSeconds']);
  });

  it('lets the former secret count for a day, and the one before it no longer', async () => {
    const [first, second] = [secret, await rotate()];
    accepted(await start({ identityToken: token({}, first) }));
    accepted(await start({ identityToken: token({}, second) }));
    const { formerIdentitySecretExpiresAt: end, identitySecretCreatedAt: made } = await agentRow();
    expect(end!.getTime() - made!.getTime()).toBe(24 * 3_600_000);
    const third = await rotate(3600);
    expect(codes(await start({ identityToken: token({}, first) }))).toEqual(['INVALID identityToken']);
    accepted(await start({ identityToken: token({}, second) }));
    await database.source.manager.update(Agent, { id: world.agent.id }, { formerIdentitySecretExpiresAt: new Date() });
    expect(codes(await start({ identityToken: token({}, second) }))).toEqual(['INVALID identityToken']);
    accepted(await start({ identityToken: token({}, third) }));
  });

  it('without an overlap ends the former secret and what was opened by it, and nobody else’s visit', async () => {
    const former = secret;
    const verified = accepted(await startAs('ana'));
    const elsewhere = await rotate(undefined, world.secondAgent.id);
    const agentPublicKey = world.secondAgent.publicKey;
    const identityToken = signIdentity(elsewhere, identityClaims(agentPublicKey));
    const other = accepted(await start({ agentPublicKey, identityToken }));
    const next = await rotate(0);
    expect(codes(await start({ identityToken: token({}, former) }))).toEqual(['INVALID identityToken']);
    const isIn = async (one: string): Promise<boolean> =>
      (await authenticate(database.source, `Bearer ${one}`)) !== null;
    expect(await isIn(verified.visitorToken)).toBe(false);
    expect(await isIn(other.visitorToken)).toBe(true);
    expect(await isIn(world.visitor.token)).toBe(true);
    accepted(await start({ identityToken: token({}, next) }));
    expect(await agentRow()).toMatchObject({ formerIdentitySecret: null, formerIdentitySecretExpiresAt: null });
  });

  it('stores both secrets sealed, each for its own column', async () => {
    const next = await rotate();
    const { identitySecret, formerIdentitySecret } = await agentRow();
    expect(box.open(identitySecret!, `agents.identity_secret/${world.agent.id}`)).toBe(next);
    expect(box.open(formerIdentitySecret!, `agents.former_identity_secret/${world.agent.id}`)).toBe(secret);
    // Who can write to the database cannot bring a former secret back.
    await database.source.query('update agents set identity_secret = former_identity_secret where id = $1', [
      world.agent.id,
    ]);
    await database.source.query(
      'update agents set former_identity_secret = null, former_identity_secret_expires_at = null where id = $1',
      [world.agent.id],
    );
    expect(codes(await start({ identityToken: token() }))).toEqual(['INVALID identityToken']);
  });
});
