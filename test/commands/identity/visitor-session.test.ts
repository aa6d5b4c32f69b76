import {
  type StartVisitorSession,
  startVisitorSession,
  type StartedVisitorSession,
} from '../../../src/commands/session/start-visitor-session';
import type { Outcome } from '../../../src/domain/refusal';
import { Agent } from '../../../src/entities/agent';
import { Visitor } from '../../../src/entities/visitor';
import { VisitorSession } from '../../../src/entities/visitor-session';
import { newPublicKey, newToken } from '../../../src/identity/tokens';
import { authenticate } from '../../../src/queries/authenticate';
import { NOWHERE } from '../../../src/domain/actor';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const start = (input: Partial<StartVisitorSession> = {}): Promise<Outcome<StartedVisitorSession>> =>
  startVisitorSession(
    database,
    { agentPublicKey: world.agent.publicKey, origin: null, ...input },
    { openSecret: () => null },
  );
const stored = (id: string): Promise<Visitor> => database.source.manager.findOneByOrFail(Visitor, { id });

describe('startVisitorSession', () => {
  it.each([newPublicKey(), '', 'pk_\0', 'x'.repeat(5000)])(
    'with %j, the key of no agent, is NOT_FOUND',
    async (agentPublicKey) => {
      expect(codes(await start({ agentPublicKey }))).toEqual(['NOT_FOUND agentPublicKey']);
    },
  );

  it('with unusable details tells all of them', async () => {
    const outcome = await start({ displayName: 'a\nb', email: 'x', locale: '??' });
    expect(codes(outcome)).toEqual(['INVALID displayName', 'INVALID email', 'INVALID locale']);
  });

  it('for an agent that requires an identity token is forbidden without one', async () => {
    await database.source.manager.update(Agent, { id: world.agent.id }, { identityVerificationRequired: true });
    expect(codes(await start())).toEqual(['FORBIDDEN identityToken']);
    expect(codes(await start({ resumeToken: world.visitor.resumeToken }))).toEqual(['FORBIDDEN identityToken']);
  });

  it('from an origin that the agent does not allow is forbidden', async () => {
    await database.source.manager.update(
      Agent,
      { id: world.agent.id },
      { allowedOrigins: ['https://shop.example.com'] },
    );
    expect(codes(await start({ origin: 'https://evil.example.com' }))).toEqual(['FORBIDDEN agentPublicKey']);
    expect(codes(await start({ origin: null }))).toEqual(['FORBIDDEN agentPublicKey']);
    accepted(await start({ origin: 'https://shop.example.com' }));
  });

  it.each([
    ['one that was never given out', () => newToken('VISITOR_RESUME')],
    ['one of a visitor of another workspace', () => foreign.visitor.resumeToken],
    ['the session token instead', () => world.visitor.token],
  ])('with a resume token, but %s, is TOKEN_EXPIRED and creates nobody', async (_case, token) => {
    expect(codes(await start({ resumeToken: token() }))).toEqual(['TOKEN_EXPIRED resumeToken']);
    expect(await database.source.manager.countBy(Visitor, { workspaceId: world.workspace.id })).toBe(2);
  });

  it('with the resume token of another agent’s visitor is TOKEN_EXPIRED', async () => {
    const outcome = await start({
      agentPublicKey: world.secondAgent.publicKey,
      resumeToken: world.visitor.resumeToken,
    });
    expect(codes(outcome)).toEqual(['TOKEN_EXPIRED resumeToken']);
  });

  it('without a token creates a visitor of the agent, with a session that works', async () => {
    const { visitor, agent, visitorToken, resumeToken, expiresAt } = accepted(
      await start({ email: ' v@example.com ', locale: 'pt-br' }),
    );
    expect(agent.id).toBe(world.agent.id);
    expect(await stored(visitor.id)).toEqual(visitor);
    expect(visitor).toMatchObject({
      workspaceId: world.workspace.id,
      agentId: world.agent.id,
      displayName: 'Visitor',
      email: 'v@example.com',
      locale: 'pt-BR',
      isVerified: false,
    });
    expect([visitorToken, resumeToken]).toEqual([expect.stringMatching(/^bat_v_/), expect.stringMatching(/^bat_r_/)]);
    expect(expiresAt.getTime() - visitor.createdAt.getTime()).toBe(24 * 3_600_000);
    const principal = {
      kind: 'VISITOR',
      ...NOWHERE,
      workspaceId: world.workspace.id,
      visitorId: visitor.id,
      sessionId: expect.any(String) as unknown,
      agentId: world.agent.id,
    };
    expect(await authenticate(database.source, `Bearer ${visitorToken}`)).toEqual(principal);
    expect(await authenticate(database.source, `Bearer ${resumeToken}`)).toBeNull();
  });

  it('with a resume token that was not used for half a year is TOKEN_EXPIRED; a day less continues', async () => {
    const daysAgo = (days: number): Date => new Date(Date.now() - days * 24 * 3_600_000);
    const lastVisit = async (days: number): Promise<Outcome<StartedVisitorSession>> => {
      await database.source.manager.update(Visitor, { id: world.visitor.id }, { lastActiveAt: daysAgo(days) });
      return start({ resumeToken: world.visitor.resumeToken });
    };
    expect(codes(await lastVisit(181))).toEqual(['TOKEN_EXPIRED resumeToken']);
    accepted(await lastVisit(179));
  });

  it('with the resume token continues the same visitor, in two tabs at once, and keeps what is not said again', async () => {
    const first = accepted(await start({ displayName: 'Vera', email: 'v@example.com' }));
    const input = { resumeToken: first.resumeToken, displayName: 'Vera V.' };
    const tabs = (await Promise.all([start(input), start(input)])).map(accepted);
    for (const tab of tabs) {
      expect(tab).toMatchObject({
        resumeToken: first.resumeToken,
        visitor: { id: first.visitor.id, email: 'v@example.com' },
      });
      expect(await authenticate(database.source, `Bearer ${tab.visitorToken}`)).toMatchObject({
        visitorId: first.visitor.id,
      });
    }
    expect((await stored(first.visitor.id)).displayName).toBe('Vera V.');
    expect(await authenticate(database.source, `Bearer ${first.visitorToken}`)).not.toBeNull();
  });

  it('forgets sessions of the visitor that have run out', async () => {
    const { manager } = database.source;
    await manager.update(VisitorSession, { visitorId: world.visitor.id }, { expiresAt: new Date(0) });
    accepted(await start({ resumeToken: world.visitor.resumeToken }));
    expect(await manager.countBy(VisitorSession, { visitorId: world.visitor.id })).toBe(1);
  });
});

let foreign: World;
beforeAll(async () => {
  foreign = await createWorld(database.source);
});
