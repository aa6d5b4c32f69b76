import { Session } from '../../src/entities/session';
import { VisitorSession } from '../../src/entities/visitor-session';
import { connect } from '../realtime/socket-support';
import { type Caller, type Subscribed } from '../support/api-client';
import { describeWithRedis } from '../support/describe-with-redis';
import {
  AGENT_TURNS,
  CONVERSATION_EVENTS,
  type EventView,
  HANDOFF_EVENTS,
  NOTIFICATION_ADDED,
  ORGANIZATION_EVENTS,
} from '../support/documents';
import { encodePublicId } from '../../src/domain/public-id';
import { addScene, eventually, ready, type Scene, startScene, type Visit, write } from './scene';

const redis = { REDIS_URL: process.env.BATON_TEST_REDIS_URL ?? '' };
const ENDED = { code: 4401 };
const CHANGED = { code: 4205 };

/** Everything that takes access away, done on one process, has to reach the open sockets of another one. */
describe('access, over pg_notify', () => follows({ env: {}, hintsAreLost: false }));
describeWithRedis('access, over Redis', () => follows({ env: redis, hintsAreLost: false }));
describe('access, where every hint is lost', () => follows({ env: {}, hintsAreLost: true }));

function follows({ env, hintsAreLost }: { env: Record<string, string>; hintsAreLost: boolean }): void {
  let base: Scene;
  let second: Awaited<ReturnType<Scene['api']['startSecond']>>;
  let scene: Scene;
  beforeAll(async () => {
    base = await startScene({ env, withWorker: false });
    second = await base.api.startSecond();
    if (hintsAreLost) await Promise.all([base.api.core.hints.stop(), second.core.hints.stop()]);
  });
  beforeEach(async () => {
    scene = await addScene(base.api);
  });
  afterAll(async () => {
    await second.stop();
    await base.api.stop();
  });

  const there = (caller: Caller): Caller => caller.at(second.url);
  /** Streams of somebody on the other process, all of them open. */
  const open = async (caller: Caller, document: string, id: string): Promise<Subscribed<EventView>> =>
    ready(there(caller).subscribe<EventView>(document, { id }));
  const say = async ({ visitor, conversationId }: Visit, text: string): Promise<void> => {
    await write(visitor, conversationId, text);
  };
  const textsOf = (feed: Subscribed<EventView>): string[] =>
    feed.items.flatMap(({ message }) => (message === undefined ? [] : [message.text]));
  const sql = (text: string, id: string): Promise<unknown> => base.api.source.query(text, [id]);

  it.each<[string, (scene: Scene) => Promise<unknown>, object]>([
    ['is disabled', ({ people, ids }) => people.manager.act('updateUser', { id: ids.operator, disabled: true }), ENDED],
    [
      'loses every permission',
      ({ people, ids }) => people.manager.act('updateUser', { id: ids.operator, permissions: [] }),
      CHANGED,
    ],
    [
      'is limited to another agent',
      ({ people, ids }) => people.manager.act('updateUser', { id: ids.operator, agentIds: [ids.agent] }),
      CHANGED,
    ],
    ['signs out', ({ people }) => people.operator.act('signOut', { allSessions: false }), ENDED],
    [
      'loses the session',
      ({ people, world }) =>
        people.manager.act('revokeSession', { id: encodePublicId('session', world.operator.principal.sessionId) }),
      ENDED,
    ],
  ])('of an operator who %s: the sockets close before the next event', async (_, act, closed) => {
    const { people, ids, world } = scene;
    const visit = await scene.visit(world.secondAgent);
    const feeds = [
      await open(people.operator, ORGANIZATION_EVENTS, ids.organization),
      await open(people.operator, HANDOFF_EVENTS, ids.organization),
      await open(people.operator, CONVERSATION_EVENTS, visit.conversationId),
    ];
    const bell = there(people.operator).subscribe(NOTIFICATION_ADDED);
    const colleague = await open(people.secondOperator, ORGANIZATION_EVENTS, ids.organization);
    await say(visit, 'before');
    for (const feed of [feeds[0]!, feeds[2]!, colleague])
      await feed.waitFor(({ message }) => message?.text === 'before');
    await act(scene);
    await say(visit, 'after');
    for (const feed of [...feeds, bell]) expect(await feed.waitForError()).toMatchObject(closed);
    await colleague.waitFor(({ message }) => message?.text === 'after');
    expect(feeds.flatMap(textsOf)).toEqual(['before', 'before']);
    expect(colleague.errors).toEqual([]);
    await colleague.stop();
  });

  it('of a member who is limited to an agent: the real client comes back by itself, and resumes with what is left', async () => {
    const { people, ids, world } = scene;
    const [ada, bea] = [await scene.visit(world.agent), await scene.visit(world.secondAgent)];
    const items: EventView[] = [];
    const codes: number[] = [];
    const client = connect(second.url.replace('http', 'ws'), {
      connectionParams: { authorization: `Bearer ${people.operator.token}` },
      shouldRetry: undefined,
      on: { closed: (event) => codes.push((event as { code: number }).code) },
    });
    const variables = {
      id: ids.organization,
      get after() {
        return items.at(-1)?.cursor ?? null;
      },
    };
    client.subscribe<{ organizationEvents: EventView }>(
      { query: ORGANIZATION_EVENTS, variables },
      {
        next: ({ data }) => void items.push(data!.organizationEvents),
        error: () => undefined,
        complete: () => undefined,
      },
    );
    const texts = (): string[] => items.flatMap(({ message }) => (message === undefined ? [] : [message.text]));
    const seen = (text: string): Promise<boolean> => eventually(async () => texts().includes(text), Boolean);
    await eventually(
      async () => items.length,
      (length) => length === 1,
    );
    await say(bea, 'Bea before');
    await seen('Bea before');
    await people.manager.act('updateUser', { id: ids.operator, agentIds: [ids.agent] });
    await say(bea, 'Bea after');
    await say(ada, 'Ada after');
    await seen('Ada after');
    expect(texts()).toEqual(['Bea before', 'Ada after']);
    // Once more where the sweep is faster than the event.
    expect(new Set(codes)).toEqual(new Set([4205]));
    const [first, ...resumed] = items.flatMap(({ recovered }) => (recovered === undefined ? [] : [recovered]));
    expect([first, new Set(resumed)]).toEqual([false, new Set([true])]);
    await client.dispose();
  });

  it('of an agent that moves: members limited to it lose it, conversations stay, and its runtime goes on', async () => {
    const { people, ids } = scene;
    const visit = await scene.visit();
    const limited = await open(people.limited, ORGANIZATION_EVENTS, ids.organization);
    const unlimited = await open(people.operator, ORGANIZATION_EVENTS, ids.organization);
    const newcomer = await open(people.otherMember, ORGANIZATION_EVENTS, ids.otherOrganization);
    const runtime = there(people.agentKey).subscribe(AGENT_TURNS, { id: ids.agent });
    await people.admin.act('assignAgent', { agentId: ids.agent, organizationId: ids.otherOrganization });
    await say(visit, 'after');
    expect(await limited.waitForError()).toMatchObject(CHANGED);
    await unlimited.waitFor(({ message }) => message?.text === 'after');
    expect(textsOf(limited)).toEqual([]);
    const later = await scene.visit();
    await say(later, 'with the new organization');
    await newcomer.waitFor(({ message }) => message?.text === 'with the new organization');
    expect(textsOf(newcomer)).toEqual(['with the new organization']);
    expect(textsOf(unlimited)).toEqual(['after']);
    expect(runtime.errors).toEqual([]);
    for (const stream of [unlimited, newcomer, runtime]) await stream.stop();
  });

  it('of an API key that is revoked: its turns end', async () => {
    const { people, ids, world } = scene;
    const turns = there(people.agentKey).subscribe(AGENT_TURNS, { id: ids.agent });
    const others = await open(people.staffKey, ORGANIZATION_EVENTS, ids.organization);
    await people.owner.act('revokeApiKey', { id: encodePublicId('apiKey', world.agentKey.id) });
    expect(await turns.waitForError()).toMatchObject(ENDED);
    expect(others.errors).toEqual([]);
    await others.stop();
  });

  it('of a key, a session and a visit that expire: their sockets close', async () => {
    const { people, ids, world } = scene;
    const { manager } = base.api.source;
    const feeds = await Promise.all([
      open(people.staffKey, ORGANIZATION_EVENTS, ids.organization),
      open(people.operator, ORGANIZATION_EVENTS, ids.organization),
      open(people.visitor, CONVERSATION_EVENTS, ids.conversation),
    ]);
    const expired = { expiresAt: new Date() };
    await sql('update api_keys set expires_at = clock_timestamp() where id = $1', world.staffKey.id);
    await manager.update(Session, { userId: world.operator.id }, expired);
    await manager.update(VisitorSession, { visitorId: world.visitor.id }, expired);
    for (const feed of feeds) expect(await feed.waitForError()).toMatchObject(ENDED);
  });
}
