import { setTimeout as delay } from 'node:timers/promises';
import { Histogram } from '../arithmetic';
import { answerQuestions, liveWithStarter } from '../stage/questions';
import { Dashboard, type Target } from './dashboard';
import { now } from './stamp';

/** A process full of dashboards, which counts what arrives. */

export interface OpenRequest {
  readonly target: Omit<Target, 'token' | 'subscription'>;
  readonly count: number;
  /** Taken in turn. Empty: the server lets everybody in. */
  readonly tokens: readonly string[];
  /** Taken in turn, so that as many groups of subscribers come about. */
  readonly subscriptions: readonly NonNullable<Target['subscription']>[];
  /** How many are being opened at the same moment. */
  readonly atOnce: number;
}

export interface Received {
  readonly deliveries: number;
  /** Null when nothing arrived. */
  readonly p50: number | null;
  readonly p99: number | null;
  /** Sockets that ended by themselves, and the first reason. */
  readonly lost: number;
  readonly firstLoss: string | null;
}

const dashboards: Dashboard[] = [];
const latencies = new Histogram();
let deliveries = 0;
let losses: string[] = [];
let awaited: { deliveries: number; resolve: () => void } | null = null;

function onDelivered(count: number, sentAt: number | null): void {
  deliveries += count;
  if (sentAt !== null) latencies.add(now() - sentAt, count);
  if (awaited !== null && deliveries >= awaited.deliveries) awaited.resolve();
}

async function open(request: OpenRequest): Promise<void> {
  const { count, tokens, subscriptions, target, atOnce } = request;
  let next = 0;
  const openOneAfterAnother = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      const [token, subscription] = [inTurn(tokens, number), inTurn(subscriptions, number)];
      const dashboard = new Dashboard({ ...target, token, subscription }, onDelivered, (why) => losses.push(why));
      dashboards.push(dashboard);
      await dashboard.ready;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, openOneAfterAnother));
}

function inTurn<Value>(values: readonly Value[], number: number): Value | null {
  return values[number % Math.max(1, values.length)] ?? null;
}

liveWithStarter();
answerQuestions({
  open,
  reset: () => {
    deliveries = 0;
    latencies.clear();
  },
  /** Waits until so many have arrived since the last reset, or the time is over; then tells what did. */
  received: async (input: { deliveries: number; withinMs: number }): Promise<Received> => {
    if (deliveries < input.deliveries) {
      await Promise.race([
        new Promise<void>((resolve) => (awaited = { deliveries: input.deliveries, resolve })),
        delay(input.withinMs, undefined, { ref: false }),
      ]);
      awaited = null;
    }
    const [p50, p99] = [latencies.percentile(50), latencies.percentile(99)];
    return { deliveries, p50, p99, lost: losses.length, firstLoss: losses[0] ?? null };
  },
  close: () => {
    for (const dashboard of dashboards.splice(0)) dashboard.close();
    losses = [];
  },
});
