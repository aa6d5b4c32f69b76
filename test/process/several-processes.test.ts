import { join } from 'node:path';
import { Redis } from 'ioredis';
import { DEFAULT_ANNOUNCEMENTS } from '../../src/domain/conversation/handoff-settings';
import { until } from '../realtime/support';
import { Caller } from '../support/api-client';
import { describeWithRedis } from '../support/describe-with-redis';
import { CONVERSATION_EVENTS, type EventView, ORGANIZATION_EVENTS } from '../support/documents';
import { startModelServer } from '../support/model-server';
import type { ReceivedMail } from '../support/smtp-inbox';
import { startTestRedis, type TestRedis } from '../support/test-redis';
import { followOver } from './follow-over';
import type { World } from '../support/world';
import { isReady, ProcessGarden } from './baton-process';
import { crashOneWorker, type CrashOutcome, type FlushOutcome, loseRedis } from './crash';
import {
  conversationOf,
  Deployment,
  type DeploymentOptions,
  messagesOf,
  OPERATORS,
  organizationIdOf,
  saidBy,
  UNANSWERED,
} from './deployment';

const hasRedis = process.env.BATON_TEST_REDIS_URL !== undefined;
const garden = new ProcessGarden();
const closing: (() => Promise<void>)[] = [];
const pidFile = join(garden.folder, 'redis.pid');
let redis: TestRedis | null = null;

type BackEnd = 'PostgreSQL' | 'Redis';

/** Two API and two worker processes, and what becomes of the work of a third worker, which was killed. */
interface Stage {
  readonly deployment: Deployment;
  readonly crash: Promise<CrashOutcome>;
}

async function setUp(options: Pick<DeploymentOptions, 'redisUrl' | 'migrates'>): Promise<Stage> {
  const deployment = await Deployment.start({ garden, apis: 2, ...options });
  closing.push(() => deployment.stop());
  const model = await startModelServer();
  closing.push(() => model.close());
  const { outcome } = await crashOneWorker(deployment, model);
  // The test that waits for it fails; until then nobody looks.
  outcome.catch(() => undefined);
  await deployment.addWorker();
  return { deployment, crash: outcome };
}

// A queue gives a dead worker's job to another one after 30 to 45 s: meanwhile the other tests run.
const stages: Partial<Record<BackEnd, Promise<Stage>>> = {};

beforeAll(async () => {
  redis = hasRedis ? await startTestRedis({ pidFile }) : null;
  stages.PostgreSQL = setUp({ redisUrl: null, migrates: true });
  if (redis !== null) stages.Redis = setUp({ redisUrl: redis.url, migrates: false });
  // The tests that wait for them fail; until then nobody looks.
  for (const stage of Object.values(stages)) stage.catch(() => undefined);
});

afterAll(async () => {
  await garden.clear();
  await Promise.allSettled(Object.values(stages).map(async (stage) => (await stage).crash));
  await Promise.all(closing.map((close) => close()));
  await redis?.stop();
});

describe.each([
  ['PostgreSQL', describe],
  ['Redis', describeWithRedis],
] as const)('two API and two worker processes over %s', (name, describeIt) => {
  describeIt('on one outside database', () => {
    let deployment: Deployment;
    let crash: Promise<CrashOutcome>;
    let world: World;
    const url = (index: number): string => deployment.apis[index]!.url;

    beforeAll(async () => {
      ({ deployment, crash } = await stages[name]!);
      world = await deployment.createWorld({ responderKind: 'SCRIPTED' });
    }, 120_000);

    it('promise 7: whoever accepts on one process silences the AI on all of them, until control is handed back', async () => {
      const { visitor, conversationId } = await deployment.visit(world.agent, url(0));
      const operator = new Caller(url(1), world.operator.token);
      const feed = operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: organizationIdOf(world) });
      await feed.waitFor((event) => event.__typename === 'StreamReady');

      const say = (clientNonce: string, text: string) =>
        visitor.act('sendMessage', { conversationId, clientNonce, text });
      await say('1', 'How much is a plan?');
      expect(await saidBy('AI', visitor, conversationId)).toHaveLength(1);
      const { controlEpoch } = await conversationOf(visitor, conversationId);
      await visitor.act('requestHandoff', { conversationId, reason: 'A contract.' });
      const rings = await feed.waitFor(({ handoff }) => handoff?.state === 'REQUESTED');
      await operator.act('acceptHandoff', { handoffId: rings.handoff!.id });

      const late = new Caller(url(0), world.agentKey.token);
      const reply = { conversationId, clientNonce: 'late', controlEpoch, text: 'As I was saying' };
      expect(await late.refusals('postAgentReply', reply)).toEqual(['STALE_CONTROL_EPOCH']);
      await say('2', 'Are you a person?');
      await operator.act('sendMessage', { conversationId, clientNonce: 'o', text: 'I am Oscar.' });
      await feed.waitFor(({ message }) => message?.text === 'I am Oscar.');
      expect(await saidBy('AI', visitor, conversationId)).toHaveLength(1);

      await operator.act('handBackToAi', { conversationId, brief: 'The contract is settled.' });
      await say('3', 'Thank you!');
      expect(await saidBy('AI', visitor, conversationId, 2)).toHaveLength(2);
      const order = (await messagesOf(visitor, conversationId)).map(({ sequence }) => sequence);
      expect(order).toEqual(order.map((_, index) => index + 1));
      expect(feed.errors).toEqual([]);
      await feed.stop();
    });

    it('promise 10: the deadline holds when the visitor’s connection is gone', async () => {
      const hurry = await deployment.createWorld({ requestTimeoutSeconds: 2 });
      const { visitor, conversationId } = await deployment.visit(hurry.agent, url(0));
      const watching = visitor.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId });
      await watching.waitFor((event) => event.__typename === 'StreamReady');
      const operator = new Caller(url(1), hurry.operator.token);
      const feed = operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: organizationIdOf(hurry) });
      await feed.waitFor((event) => event.__typename === 'StreamReady');
      await visitor.act('requestHandoff', { conversationId });
      watching.client.terminate();
      await feed.waitFor(({ handoff }) => handoff?.state === 'UNANSWERED');
      await feed.waitFor(({ message }) => message?.text === UNANSWERED);
      await feed.stop();
    });

    it('lets a client resume on the other process, with nothing lost and nothing doubled, when its own gets SIGTERM', async () => {
      const leaving = deployment.apis[0]!;
      const { visitor, conversationId } = await deployment.visit(world.secondAgent, url(1));
      const { seen, closes, numbers, client } = followOver([leaving.url, url(1)], world.operator.token, conversationId);
      await until('the stream', () => seen.length > 0);

      const total = 40;
      const say = async (count: number): Promise<void> => {
        if (count > total) return;
        const nonce = String(count);
        await visitor.act('sendMessage', { conversationId, clientNonce: nonce, text: nonce });
        await say(count + 1);
      };
      const saying = say(1);
      await until('the first messages', () => numbers().length >= 3);
      const ended = leaving.baton.end('SIGTERM');
      await until('that it is not ready', async () => !(await isReady(leaving.url)));
      await saying;
      await until('the last message', () => numbers().includes(total));
      expect(numbers()).toEqual(Array.from({ length: total }, (_, index) => index + 1));
      expect(closes).toEqual([1012]);
      const resumed = seen.filter((event) => event.__typename === 'StreamReady')[1];
      expect(resumed).toMatchObject({ recovered: true });
      expect((await ended).code).toBe(0);
      await client.dispose();
    });

    describe('of three workers one, killed with kill -9 while it generates an answer and sends a mail', () => {
      let outcome: CrashOutcome;
      beforeAll(async () => {
        outcome = await crash;
      }, 120_000);

      it('has its turn answered by another one, once', () => {
        expect(outcome.answers).toEqual(['We open at nine.']);
        expect(outcome.turns).toEqual(['ANSWERED']);
        expect(outcome.modelRequests).toBe(2);
      });

      it('has its deliveries made by another one: one mail for each operator, at most one sent twice', () => {
        expect(outcome.deliveries).toEqual(Array.from({ length: OPERATORS }, () => 'SENT'));
        expectOneEach(outcome.mails);
        expect(outcome.mailsSent).toBeLessThanOrEqual(OPERATORS + 1);
      });

      it('promise 10: ends a handoff whose deadline came while no worker lived, as soon as one is back', async () => {
        const hurry = await deployment.createWorld({ requestTimeoutSeconds: 2 });
        await Promise.all(deployment.workers.splice(0).map((worker) => worker.end('SIGKILL')));
        const { visitor, conversationId } = await deployment.visit(hurry.agent, url(1));
        const { handoff } = await visitor.act('requestHandoff', { conversationId });
        await until('the deadline', async () => {
          const [row] = await deployment.database.query<{ late: boolean }>(
            "select answer_by < now() - interval '1500 milliseconds' as late from handoffs where state = 'REQUESTED' order by requested_at desc limit 1",
          );
          return row?.late;
        });
        expect((await conversationOf(visitor, conversationId)).handoff).toEqual({
          id: handoff!.id,
          state: 'REQUESTED',
        });
        await deployment.addWorker();
        await until('the end', async () => (await conversationOf(visitor, conversationId)).handoff === null);
        const { controller } = await conversationOf(visitor, conversationId);
        const texts = (await messagesOf(visitor, conversationId)).map(({ text }) => text);
        expect({ controller, texts }).toEqual({
          controller: 'AI',
          texts: [DEFAULT_ANNOUNCEMENTS.requested, UNANSWERED],
        });
      });
    });
  });
});

describeWithRedis('a Redis that is emptied and restarted right after a request', () => {
  let outcome: FlushOutcome;
  beforeAll(async () => {
    const { port, url } = redis!;
    outcome = await loseRedis((await stages.Redis!).deployment, {
      flush: async () => {
        const client = new Redis(url);
        await client.flushall();
        client.disconnect();
      },
      restart: async () => {
        await redis!.stop();
        redis = await startTestRedis({ port, pidFile });
      },
    });
  }, 120_000);

  it('promise 10: does not keep the deadline from coming', () => {
    expect(outcome.hurried).toEqual({
      handoff: null,
      controller: 'AI',
      announcements: [DEFAULT_ANNOUNCEMENTS.requested, UNANSWERED],
    });
  });

  it('promise 6: does not keep the mails from arriving, one for each operator', () => {
    expectOneEach(outcome.mails);
  });
});

function expectOneEach(mails: readonly ReceivedMail[]): void {
  expect(mails).toHaveLength(OPERATORS);
  expect(new Set(mails.flatMap(({ envelope }) => envelope.to)).size).toBe(OPERATORS);
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(OPERATORS);
}
