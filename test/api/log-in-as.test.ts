import { randomUUID } from 'node:crypto';
import { encodePublicId } from '../../src/domain/public-id';
import type { Caller } from '../support/api-client';
import { CONVERSATION_EVENTS, type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { addScene, eventually, ready, type Scene, startScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
});
beforeEach(async () => {
  scene = await addScene(scene.api);
});
afterAll(() => scene.api.stop());

const PERSON = '{ __typename displayName ... on User { email } }';
const LOG = `query($id: ID!) { organization(id: $id) { auditLog { nodes {
  action actor ${PERSON} impersonator ${PERSON} changes { after } address userAgent } } } }`;

const SESSION = `{ session { isCurrent impersonator ${PERSON} } viewer { ... on User { id displayName } } }`;

describe('logInAs', () => {
  const asManager = async (): Promise<Caller> => {
    const userId = encodePublicId('user', scene.world.manager.id);
    const { accessToken } = await scene.people.admin.act('logInAs', { userId, reason: 'Ticket 7' });
    return scene.nobody.as(accessToken!);
  };

  it('as nobody is not found', async () => {
    const userId = encodePublicId('user', randomUUID());
    expect(await scene.people.owner.refusals('logInAs', { userId, reason: 'r' })).toEqual(['NOT_FOUND']);
  });

  it('tells the viewer whose session it is, by name alone; other sessions are nobody else’s', async () => {
    const { world, people } = scene;
    const impersonated = await asManager();
    expect(await impersonated.ask(SESSION)).toEqual({
      session: {
        isCurrent: true,
        impersonator: { __typename: 'OperatorCard', displayName: world.admin.row.displayName },
      },
      viewer: { id: encodePublicId('user', world.manager.id), displayName: world.manager.row.displayName },
    });
    expect(await people.manager.ask(SESSION)).toMatchObject({ session: { isCurrent: true, impersonator: null } });
    expect(await people.visitor.ask('{ session { id } }')).toEqual({ session: null });
  });

  it('is in the log of the organization with its reason, and every entry since with both persons', async () => {
    const { people, world } = scene;
    const impersonated = await asManager();
    await impersonated.act('updateAgent', { id: scene.ids.agent, displayName: 'New' });
    const log = await people.manager.ask<{ organization: { auditLog: { nodes: unknown[] } } }>(LOG, {
      id: scene.ids.organization,
    });
    const { nodes } = log.organization.auditLog;
    const staff = { __typename: 'OperatorCard', displayName: world.admin.row.displayName };
    expect(nodes).toMatchObject([
      { action: 'AGENT_UPDATED', actor: { displayName: 'mona' }, impersonator: staff, address: null, userAgent: null },
      { action: 'IMPERSONATION_STARTED', actor: staff, impersonator: null, changes: [{ after: 'Ticket 7' }] },
    ]);
  });

  it('makes nobody reachable, offers no action in a conversation, and its sockets end with the staff’s session', async () => {
    const { people, ids } = scene;
    const impersonated = await asManager();
    const feed = await ready(impersonated.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    // Whoever connects later and is reachable shows that there was time for the first to be.
    const colleague = await ready(people.operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: ids.organization }));
    const presence = '{ viewer { ... on User { presence { status } } } }';
    const reach = async (caller: Caller): Promise<string> =>
      (await caller.ask<{ viewer: { presence: { status: string } } }>(presence)).viewer.presence.status;
    await eventually(
      () => reach(people.operator),
      (status) => status === 'ONLINE',
    );
    expect(await reach(people.manager)).toBe('OFFLINE');
    const can = 'query($id: ID!) { conversation(id: $id) { viewerCan } }';
    const viewerCan = async (caller: Caller): Promise<unknown> =>
      (await caller.ask<{ conversation: { viewerCan: unknown } }>(can, { id: ids.conversation })).conversation
        .viewerCan;
    expect(await viewerCan(people.manager)).toContain('TAKE_OVER');
    expect(await viewerCan(impersonated)).not.toContain('TAKE_OVER');
    await people.admin.act('signOut', { allSessions: false });
    expect(await feed.waitForError()).toMatchObject({ code: 4401 });
    const { errors } = await impersonated.post('{ session { id } }');
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    await colleague.stop();
  });

  it('does not watch a conversation in place of the member, who would not be told of its messages', async () => {
    const { people, ids, world, api } = scene;
    const impersonated = await asManager();
    const feeds = [impersonated, people.operator].map((who) =>
      who.subscribe<EventView>(CONVERSATION_EVENTS, { id: ids.conversation }),
    );
    for (const feed of feeds) await ready(feed);
    const watchers = async (): Promise<string[]> => {
      const sql = 'select user_id as id from watches where workspace_id = $1';
      const rows = await api.source.query<{ id: string }[]>(sql, [world.workspace.id]);
      return rows.map(({ id }) => id);
    };
    await eventually(watchers, (found) => found.includes(world.operator.id));
    expect(await watchers()).toEqual([world.operator.id]);
    for (const feed of feeds) await feed.stop();
  });
});
