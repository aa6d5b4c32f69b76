import { decodePublicId, encodePublicId } from '../../src/domain/public-id';
import { decodeCursor } from '../../src/realtime/cursor';
import { addScene, readConversation, type Scene, startScene, type Visit, write } from '../api/scene';
import { CONVERSATION_EVENTS, type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { type GraphqlSocket, openGraphqlSocket, type Operation } from './graphql-socket';
import { insertMember } from './random-member';
import { StatementGate, type StatementWatch, watchStatements } from './statements';
import { until } from './support';

/** Each statement of a join, held before it is sent and before its answer is told. */
const MOMENTS = ['before', 'after'] as const;
/** A join authenticates, authorizes, reads the tail and what was missed: fewer would mean that we hold the wrong ones. */
const LEAST_POINTS = 5;
const TIME_LIMIT_MS = 120_000;

let base: Scene;
let joined: Awaited<ReturnType<Scene['api']['startSecond']>>;
let scene: Scene;
let visit: Visit;
/** Around the statements of the process that is joined. The other one writes. */
let watch: StatementWatch = {};
beforeAll(async () => {
  base = await startScene({ withWorker: false });
  joined = await base.api.startSecond();
  watchStatements(joined.core.database.source, () => watch);
});
beforeEach(async () => {
  scene = await addScene(base.api);
  visit = await scene.visit();
});
afterAll(async () => {
  await joined.stop();
  await base.api.stop();
});

interface Join {
  readonly socket: GraphqlSocket;
  readonly feed: Promise<Operation<EventView> | null>;
}

/** Null in the end: the socket was refused. */
function join(token: string, document: string, variables: Record<string, unknown>): Join {
  const socket = openGraphqlSocket(joined.url, token);
  const feed = socket.acknowledged.then((isIn) => (isIn ? socket.subscribe<EventView>(document, variables) : null));
  return { socket, feed };
}

/**
 * Joins again and again, each time held at the next of its statements; `meanwhile` is done while it is held, and
 * `check` looks at what came of it. Ends when a join is over before its turn.
 */
async function atEachPoint(
  when: 'before' | 'after',
  round: () => Promise<{ open: () => Join; meanwhile: () => Promise<void>; check: (join: Join) => Promise<void> }>,
): Promise<void> {
  let points = 0;
  for (let isOver = false; !isOver;) {
    const { open, meanwhile, check } = await round();
    const gate = new StatementGate(points + 1, when);
    watch = gate.watch;
    const joining = open();
    const isReady = joining.feed.then(async (feed) =>
      until('READY', () => feed === null || feed.items.length > 0 || joining.socket.isClosed()),
    );
    isOver = (await Promise.race([gate.reached.then(() => 'held'), isReady.then(() => 'ready')])) === 'ready';
    try {
      if (!isOver) await meanwhile();
    } finally {
      watch = {};
      gate.release();
    }
    if (!isOver) await check(joining);
    joining.socket.terminate();
    if (!isOver) points += 1;
  }
  expect(points).toBeGreaterThanOrEqual(LEAST_POINTS);
}

async function inLog(text: string): Promise<void> {
  await until(`${text} in the log`, async () => {
    const rows = await base.api.source.query(`select from events where snapshot->>'text' = $1`, [text]);
    return rows.length === 1;
  });
}

async function isAnyLockAwaited(): Promise<boolean> {
  const rows = await base.api.source.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length > 0;
}

let said = 0;
async function say(): Promise<string> {
  said += 1;
  const text = `message ${String(said)}`;
  await write(visit.visitor, visit.conversationId, text);
  return text;
}

function textsOf(items: readonly EventView[]): string[] {
  return items.flatMap(({ message }) => (message?.kind === 'TEXT' ? [message.text] : []));
}

const place = (cursor: string): number => decodeCursor(cursor)!.position;

describe.each(MOMENTS)('a commit while a join is held %s each of its statements', (when) => {
  const feeds = [
    ['the conversation, after a cursor', CONVERSATION_EVENTS, true],
    ['the organization, from now on', ORGANIZATION_EVENTS, false],
  ] as const;
  // Each point of each feed takes seconds, and all feeds are read in one way: one of them is held at answers, too.
  it.each(when === 'before' ? feeds : feeds.slice(0, 1))(
    'arrives exactly once: %s',
    async (_, document, isResumed) => {
      const id = document === CONVERSATION_EVENTS ? visit.conversationId : scene.ids.organization;
      await atEachPoint(when, async () => {
        const { streamCursor } = await readConversation(scene.people.operator, visit.conversationId);
        const texts = [await say()];
        const epoch = { before: 0, after: 0 };
        return {
          open: () => join(scene.people.operator.token!, document, { id, after: isResumed ? streamCursor : null }),
          meanwhile: async () => {
            texts.push(await say());
            const { conversation } = await scene.people.operator.act('takeOverConversation', {
              conversationId: visit.conversationId,
            });
            epoch.after = conversation!.controlEpoch;
            await scene.people.operator.act('handBackToAi', { conversationId: visit.conversationId });
          },
          check: async (joining) => {
            const { items } = (await joining.feed)!;
            // Without a cursor it is told what comes from there on: what is said sooner need not come.
            await until('READY', () => items.length > 0);
            texts.push(await say());
            await inLog(texts[2]!);
            await until('the last message', () => textsOf(items).includes(texts[2]!));
            const [first, ...events] = items;
            expect(first).toMatchObject({ __typename: 'StreamReady', recovered: isResumed });
            const rows = await base.api.source.query<{ position: string; text: string | null; epoch: number | null }[]>(
              `select position, snapshot->>'text' as text, (snapshot->>'controlEpoch')::int as epoch from events
               where conversation_id = $1 and position > $2 and name in ('MESSAGE_ADDED', 'CONVERSATION_CHANGED', 'HANDOFF_CHANGED')
               order by position`,
              [decodePublicId('conversation', visit.conversationId), place(first!.cursor)],
            );
            expect(events.map(({ cursor }) => place(cursor))).toEqual(
              rows.map(({ position }) => Number(position)).slice(0, events.length),
            );
            if (isResumed) expect(textsOf(events)).toEqual(texts);
          },
        };
      });
    },
    TIME_LIMIT_MS,
  );

  it(
    'that ends the access of whoever joins: nothing that was committed after it reaches them',
    async () => {
      await atEachPoint(when, async () => {
        const { streamCursor } = await readConversation(scene.people.operator, visit.conversationId);
        const { token, id: userId } = await insertMember(base.api.source, scene.world, {
          permissions: ['VIEW_CONVERSATIONS'],
          limitedTo: null,
        });
        const id = encodePublicId('user', userId);
        // Held with an answer in its hands, the join may have a row that the change waits for: then it can only come later.
        let disabled: Promise<unknown> = Promise.resolve();
        // The cursor may be older than what the round before has said, which this member may still be told.
        const saidAfter: string[] = [];
        const sayAfter = async (): Promise<void> => {
          const text = await say();
          saidAfter.push(text);
          await inLog(text);
        };
        return {
          open: () => join(token, ORGANIZATION_EVENTS, { id: scene.ids.organization, after: streamCursor }),
          meanwhile: async () => {
            disabled = scene.people.manager.act('updateUser', { id, disabled: true });
            const change = { isDone: false };
            const done = disabled.then(() => (change.isDone = true));
            // Its error is thrown by `check`, too; until then it must not count as unhandled.
            done.catch(() => undefined);
            await until(
              'its end, or a lock that it waits for',
              async () => change.isDone || (await isAnyLockAwaited()),
            );
            // Not when it waited for a moment only: what is said then may be committed before the access has ended.
            if (change.isDone) await sayAfter();
          },
          check: async ({ socket, feed }) => {
            await disabled;
            await sayAfter();
            expect(await socket.closed).toBe(4401);
            const told = textsOf((await feed)?.items ?? []);
            expect(told.filter((text) => saidAfter.includes(text))).toEqual([]);
          },
        };
      });
    },
    TIME_LIMIT_MS,
  );
});
