import { Session } from '../../src/entities/session';
import { WORLD_PASSWORD } from '../support/world';
import type { Caller } from '../support/api-client';
import { addScene, type Person, type Scene, startScene } from './scene';

let base: Scene;
let scene: Scene;
beforeAll(async () => {
  base = await startScene({ withWorker: false });
});
beforeEach(async () => {
  scene = await addScene(base.api);
});
afterAll(() => base.api.stop());

interface SessionView {
  readonly id: string;
  readonly isCurrent: boolean;
  readonly revokedAt: string | null;
  readonly userAgent: string | null;
}
const SESSIONS = 'sessions { id isCurrent revokedAt userAgent createdAt lastSeenAt expiresAt }';
const own = async (caller: Caller): Promise<SessionView[]> => {
  const { viewer } = await caller.ask<{ viewer: { sessions: SessionView[] } }>(
    `{ viewer { ... on User { ${SESSIONS} } } }`,
  );
  return viewer.sessions;
};
const of = async (caller: Caller, id: string): Promise<SessionView[] | null | undefined> => {
  const document = `query($id: ID!) { node(id: $id) { ... on User { ${SESSIONS} } } }`;
  return (await caller.ask<{ node: { sessions: SessionView[] | null } | null }>(document, { id })).node?.sessions;
};

describe('User.sessions', () => {
  it.each<[Person, 'operator' | 'otherMember']>([
    ['secondOperator', 'operator'],
    ['viewer', 'operator'],
    ['agentKey', 'operator'],
    ['otherMember', 'operator'],
    ['visitor', 'operator'],
    ['manager', 'otherMember'],
  ])('is nothing for %s, who looks at a session of %s', async (who, whose) => {
    expect((await of(scene.people[who], scene.ids[whose])) ?? null).toBeNull();
  });

  it('of staff is for owners and the person alone', async () => {
    const staff = `{ workspace { staff(first: 5) { nodes { workspaceRole sessions { isCurrent } } } } }`;
    type Staff = {
      workspace: { staff: { nodes: { workspaceRole: string; sessions: { isCurrent: boolean }[] | null }[] } };
    };
    const seen = async (caller: Caller): Promise<object> =>
      Object.fromEntries(
        (await caller.ask<Staff>(staff)).workspace.staff.nodes.map(({ workspaceRole, sessions }) => [
          workspaceRole,
          sessions?.map(({ isCurrent }) => isCurrent) ?? null,
        ]),
      );
    const { people } = scene;
    expect(await seen(people.owner)).toEqual({ OWNER: [true], ADMIN: [false] });
    expect(await seen(people.admin)).toEqual({ OWNER: null, ADMIN: [true] });
    expect(await seen(people.staffKey)).toEqual({ OWNER: null, ADMIN: null });
  });

  it('lists the open ones, newest first, and marks the one of the request', async () => {
    const { people, world, ids } = scene;
    const { email } = world.operator.row;
    const signedIn = await scene.nobody.act('signIn', { email, password: WORLD_PASSWORD });
    const later = scene.nobody.as(signedIn.accessToken ?? null);
    expect((await own(later)).map(({ isCurrent }) => isCurrent)).toEqual([true, false]);
    const mine = await own(people.operator);
    expect(mine.map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
    for (const caller of [people.manager, people.admin, people.staffKey]) {
      expect(await of(caller, ids.operator)).toEqual(mine.map((session) => ({ ...session, isCurrent: false })));
    }

    const node = 'query($id: ID!) { node(id: $id) { id } }';
    const asked = { id: mine[0]!.id };
    expect(await people.manager.ask(node, asked)).toEqual({ node: asked });
    expect(await people.secondOperator.ask(node, asked)).toEqual({ node: null });

    const { session } = await people.operator.act('revokeSession', { id: mine[0]!.id });
    expect(session).toMatchObject({ id: mine[0]!.id, isCurrent: false, revokedAt: expect.any(String) as unknown });
    expect(await own(people.operator)).toEqual([mine[1]]);
    expect((await later.post('{ viewer { __typename } }')).data).toEqual({ viewer: null });
    const { manager } = base.api.source;
    await manager.update(Session, { userId: world.operator.id }, { expiresAt: new Date() });
    expect(await of(people.manager, ids.operator)).toEqual([]);
  });

  it('stops at fifty', async () => {
    const { people, world } = scene;
    await base.api.source.query(
      `insert into sessions (id, workspace_id, user_id, token_hash, created_at, last_seen_at, expires_at)
       select gen_random_uuid(), workspace_id, id, sha256((id::text || n)::bytea), now(), now(), now() + interval '1 day'
       from users, generate_series(1, 60) n where id = $1`,
      [world.operator.id],
    );
    expect(await own(people.operator)).toHaveLength(50);
  });
});
