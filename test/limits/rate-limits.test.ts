import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { LimitRule } from '../../src/config/limit-rules';
import { createDataSource } from '../../src/database/data-source';
import { NOWHERE, type Principal } from '../../src/domain/actor';
import { forgetExpiredLimits } from '../../src/limits/expired-limits';
import type { LimitCall } from '../../src/limits/limit-call';
import { createRateLimits, type RateLimits } from '../../src/limits/rate-limits';
import { LogBook, until } from '../realtime/support';
import { countStatements } from '../support/count-statements';
import { describeWithRedis } from '../support/describe-with-redis';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { startTestRedis } from '../support/test-redis';

const rule = (changes: Partial<LimitRule>): LimitRule => ({
  name: 'rule',
  fields: ['write'],
  per: ['VISITOR'],
  points: 2,
  seconds: 60,
  isShared: true,
  ...changes,
});

const visitor = (): Principal => ({
  kind: 'VISITOR',
  ...NOWHERE,
  workspaceId: randomUUID(),
  visitorId: randomUUID(),
  sessionId: randomUUID(),
  agentId: randomUUID(),
});

const call = (changes: Partial<LimitCall> = {}): LimitCall => ({
  field: 'write',
  isSubscription: false,
  address: '198.51.100.1',
  principal: visitor(),
  input: {},
  organizationOf: () => Promise.resolve(null),
  ...changes,
});

let database: TestDatabase;
let source: DataSource;
const opened: RateLimits[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  source = createDataSource({ url: database.url, poolSize: 2, applicationName: 'baton-test' });
  await source.initialize();
});
afterEach(() => Promise.all(opened.splice(0).map((limits) => limits.stop())));
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

async function open(rules: readonly LimitRule[], redisUrl: string | null, log = new LogBook()): Promise<RateLimits> {
  const limits = await createRateLimits({ rules, redisUrl, databaseUrl: database.url, log });
  opened.push(limits);
  return limits;
}

/** How many of so many calls pass. */
async function passed(limits: RateLimits, one: LimitCall, times: number): Promise<number> {
  let count = 0;
  for (let time = 0; time < times; time += 1) if ((await limits.reached(one)) === null) count += 1;
  return count;
}

describe('limits in PostgreSQL', () => countTogether(() => null));
describeWithRedis('limits in Redis', () => countTogether(() => process.env.BATON_TEST_REDIS_URL ?? ''));

function countTogether(redisUrl: () => string | null): void {
  it('refuse the call after the last one, say when to come again, and let it pass then', async () => {
    const limits = await open([rule({ seconds: 1 })], redisUrl());
    const one = call();
    expect(await passed(limits, one, 2)).toBe(2);
    const reached = await limits.reached(one);
    expect(reached).toEqual({ name: 'rule', retryAfterMs: expect.any(Number) });
    expect(reached!.retryAfterMs).toBeGreaterThan(0);
    expect(reached!.retryAfterMs).toBeLessThanOrEqual(1000);
    await until('the window ends', async () => (await limits.reached(one)) === null);
  });

  it('are shared by processes, also when both ask at the same instant', async () => {
    const [here, there] = [
      await open([rule({ points: 5 })], redisUrl()),
      await open([rule({ points: 5 })], redisUrl()),
    ];
    const one = call();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 ? here : there).reached(one)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(5);
  });

  it('of one visitor are not those of another', async () => {
    const limits = await open([rule({})], redisUrl());
    expect(await passed(limits, call(), 3)).toBe(2);
    expect(await passed(limits, call(), 3)).toBe(2);
  });

  it('that are wide lose nothing to calls that a narrow one refuses', async () => {
    const wide = rule({ name: 'wide', per: ['ORGANIZATION'], points: 3 });
    const limits = await open([rule({}), wide], redisUrl());
    const organization = randomUUID();
    const ours = { organizationOf: () => Promise.resolve(organization) };
    expect(await passed(limits, call(ours), 50)).toBe(2);
    expect(await limits.reached(call(ours))).toBeNull();
    expect(await limits.reached(call(ours))).toMatchObject({ name: 'wide' });
  });

  it('that are not shared count in each process for itself', async () => {
    const own = rule({ isShared: false });
    const one = call();
    expect(await passed(await open([own], redisUrl()), one, 3)).toBe(2);
    expect(await passed(await open([own], redisUrl()), one, 3)).toBe(2);
  });
}

describe('limits', () => {
  it('with no rules refuse nothing and open no store', async () => {
    expect(await passed(await open([], 'redis://127.0.0.1:1'), call(), 100)).toBe(100);
  });

  it.each<[LimitRule['per'][number], Partial<LimitCall>]>([
    ['VISITOR', { principal: null }],
    ['USER', {}],
    ['KEY', {}],
    ['EMAIL', { input: { email: 7 } }],
    ['AGENT', {}],
    ['ORGANIZATION', {}],
    ['CLIENT', { address: null }],
  ])('by %s do not apply to a call that has none', async (part, changes) => {
    expect(await passed(await open([rule({ per: [part] })], null), call(changes), 5)).toBe(5);
  });

  it('by e-mail address take no notice of case and blanks, nor of who calls', async () => {
    const limits = await open([rule({ per: ['EMAIL'], points: 1 })], null);
    expect(await limits.reached(call({ input: { email: 'Vera@example.com' } }))).toBeNull();
    expect(await limits.reached(call({ input: { email: ' vera@EXAMPLE.com ' } }))).not.toBeNull();
  });

  it('leave no address of a person in the database', async () => {
    await (
      await open([rule({ per: ['EMAIL', 'CLIENT'] })], null)
    ).reached(call({ input: { email: 'vera@example.com' } }));
    const rows = await source.query<{ key: string }[]>('select key from rate_limits');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ key }) => !/^[\w-]{43}$/.test(key))).toEqual([]);
  });

  it('that cannot be looked up let the call pass, and the log tells of it', async () => {
    const log = new LogBook();
    const limits = await open([rule({ per: ['ORGANIZATION'] })], null, log);
    const broken = call({ organizationOf: () => Promise.reject(new Error('away')) });
    expect(await passed(limits, broken, 5)).toBe(5);
    expect(log.lines.map(({ message }) => message).join()).toContain('could not be looked up');
  });
});

describe('calls that come at the same instant', () => {
  it('are counted in few statements, each as if it had come by itself', async () => {
    const wide = rule({ name: 'wide', per: ['ORGANIZATION'], points: 25 });
    const limits = await open([rule({}), wide], null);
    const organization = randomUUID();
    const organizationOf = () => Promise.resolve(organization);
    const visitors = Array.from({ length: 15 }, visitor);
    const calls = [1, 2, 3].flatMap(() => visitors.map((principal) => call({ principal, organizationOf })));
    const counted = countStatements();
    try {
      const answers = await Promise.all(calls.map((one) => limits.reached(one)));
      // Of three calls of each visitor two pass the narrow rule; of those 30 the wide one lets 25 pass.
      expect(answers.filter((answer) => answer?.name === 'rule')).toHaveLength(15);
      expect(answers.filter((answer) => answer?.name === 'wide')).toHaveLength(5);
      expect(counted.texts.length).toBeLessThan(10);
    } finally {
      counted.stop();
    }
    const rows = await source.query<{ points: number }[]>('select points from rate_limits where points >= 30');
    expect(rows).toEqual([{ points: 30 }]);
  });
});

describe('limits whose store is away', () => {
  it('in PostgreSQL are counted by the process alone, told once, and together again afterwards', async () => {
    const log = new LogBook();
    const limits = await open([rule({})], null, log);
    await source.query('alter table rate_limits rename to gone');
    expect(await passed(limits, call(), 5)).toBe(2);
    expect(await passed(limits, call(), 5)).toBe(2);
    await source.query('alter table gone rename to rate_limits');
    expect(log.lines.filter(({ message }) => message.includes('counts alone'))).toHaveLength(1);
    const counted = async (): Promise<number> => {
      await limits.reached(call());
      return (await source.query<unknown[]>('select 1 from rate_limits')).length;
    };
    const before = await counted();
    await until('the table is written again', async () => (await counted()) > before);
  });

  describeWithRedis('in Redis', () => {
    it('are counted by the process alone, without waiting', async () => {
      const redis = await startTestRedis();
      const limits = await open([rule({})], redis.url);
      expect(await passed(limits, call(), 3)).toBe(2);
      await redis.stop();
      expect(await passed(limits, call(), 5)).toBe(2);
    });
  });
});

describe('forgetExpiredLimits', () => {
  it('deletes what has begun anew, so many at a time, and keeps what still counts', async () => {
    await source.query('delete from rate_limits');
    await source.query(
      `insert into rate_limits select 'old ' || n, 1, 1000 from generate_series(1, 3) n
       union all select 'new', 1, extract(epoch from now()) * 1000 + 60000`,
    );
    expect(await forgetExpiredLimits(source, { limit: 2 })).toBe(2);
    expect(await forgetExpiredLimits(source, { limit: 2 })).toBe(1);
    expect(await source.query('select key from rate_limits')).toEqual([{ key: 'new' }]);
  });
});
