import { LIMIT_RULES } from '../../src/config/limit-rules';
import { Caller, type GraphqlResponse } from '../support/api-client';
import { describeWithRedis } from '../support/describe-with-redis';
import { startTestRedis } from '../support/test-redis';
import { LIMIT_CALLS, LimitCallers, VIEWER } from './limit-calls';
import { eventually, type Scene, startScene } from './scene';

let scene: Scene;
const running: { stop(): Promise<void> }[] = [];
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((process) => process.stop()));
  await scene.api.source.query('delete from rate_limits');
});
afterAll(() => scene.api.stop());

/** Another API process with that limit and no other. */
function startLimiting(name: string, limit: string, env: Record<string, string> = {}): Promise<SecondApi> {
  const others = LIMIT_RULES.filter((rule) => rule.name !== name).map((rule) => `${rule.name}=off`);
  return scene.api.startSecond({ BATON_LIMITS: [...others, `${name}=${limit}`].join(), ...env });
}
type SecondApi = Awaited<ReturnType<Scene['api']['startSecond']>>;

/** The same, until the test is over. */
async function limiting(...limit: Parameters<typeof startLimiting>): Promise<LimitCallers> {
  const process = await startLimiting(...limit);
  running.push(process);
  return new LimitCallers(scene, process.url);
}

const codeOf = ({ errors }: GraphqlResponse): unknown => errors?.[0]?.extensions?.code;
const isRefused = (answer: GraphqlResponse): boolean => codeOf(answer) === 'RATE_LIMITED';

describe('every limit, over the real server', () => {
  it('has a case here', () => {
    expect(Object.keys(LIMIT_CALLS).toSorted()).toEqual(LIMIT_RULES.map(({ name }) => name).toSorted());
  });

  const tried = new Map<string, PromiseSettledResult<void>>();
  beforeAll(async () => {
    // Several at once, for each of them waits until it may call again; a process for each, so not all at once.
    const names = Object.keys(LIMIT_CALLS);
    const lane = async (): Promise<void> => {
      for (let name = names.shift(); name !== undefined; name = names.shift()) {
        const [outcome] = await Promise.allSettled([tryLimit(name)]);
        tried.set(name, outcome);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }, 120_000);

  it.each(Object.keys(LIMIT_CALLS))('%s: refuses with a time, touches nobody else, and recovers', (name) => {
    expect(tried.get(name)).toEqual({ status: 'fulfilled', value: undefined });
  });
});

const LANES = 4;

async function tryLimit(name: string): Promise<void> {
  // Three sign-ins take a while, and on a busy machine several seconds: the time must not be over before the third.
  const process = await startLimiting(name, name.startsWith('sign-in') ? '2/8' : '2/1');
  const callers = new LimitCallers(scene, process.url);
  const [call, beside] = LIMIT_CALLS[name]!(callers, await scene.visit(), await scene.visit());
  let time = 0;
  const answer = await eventually(() => call((time += 1)), isRefused);
  expect(time).toBeGreaterThan(2);
  const { message, extensions } = answer.errors![0]!;
  expect(message).toMatch(/^Too many requests of this kind\. Try again in (a second|[2-8] seconds)\.$/);
  expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
  expect(extensions!.retryAfterMs).toBeGreaterThan(0);
  if (beside !== null) expect(isRefused(await beside(100))).toBe(false);
  await eventually(
    () => call((time += 1)),
    (later) => !isRefused(later),
  );
  await process.stop();
}

describe('a refusal by a limit', () => {
  it('is HTTP 200 with null for that field, and leaves the other fields of the document alone', async () => {
    const { url } = await limiting('sign-in-by-client', '1/60');
    const sign = '{ userErrors { code } }';
    const input = '{ email: "nobody@example.com", password: "x" }';
    const query = `mutation { a: signIn(input: ${input}) ${sign} b: signIn(input: ${input}) ${sign} }`;
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const body = (await response.json()) as GraphqlResponse;
    expect([response.status, body.data]).toEqual([
      200,
      { a: { userErrors: [{ code: 'INVALID_CREDENTIALS' }] }, b: null },
    ]);
    expect([codeOf(body), body.errors![0]!.path]).toEqual(['RATE_LIMITED', ['b']]);
  });

  it('counts nothing for somebody who is refused anyway', async () => {
    const { url } = await limiting('requests', '2/60');
    for (let time = 0; time < 5; time += 1) {
      expect(codeOf(await new Caller(url, null).post('{ notifications { unseenCount } }'))).toBe('UNAUTHENTICATED');
    }
    expect((await new Caller(url, null).post(VIEWER)).errors).toBeUndefined();
  });
});

describe('sign-ins', () => {
  it('that spray many accounts from one address are refused, also over two processes', async () => {
    const [here, there] = [await limiting('sign-in-by-client', '4/60'), await limiting('sign-in-by-client', '4/60')];
    const codes: unknown[] = [];
    for (let time = 0; time < 6; time += 1) {
      codes.push(codeOf(await (time % 2 ? here : there).signIn(`person${String(time)}@example.com`)));
    }
    expect(codes).toEqual([undefined, undefined, undefined, undefined, 'RATE_LIMITED', 'RATE_LIMITED']);
  });
});

describe('a forwarding header', () => {
  const from = (url: string, forwarded: string): Promise<GraphqlResponse> =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': forwarded },
      body: JSON.stringify({ query: VIEWER }),
    }).then((response) => response.json() as Promise<GraphqlResponse>);
  const refusals = async (url: string, addresses: readonly string[]): Promise<boolean[]> => {
    const refused: boolean[] = [];
    for (const address of addresses) refused.push(isRefused(await from(url, address)));
    return refused;
  };

  it('forged by a client changes nothing', async () => {
    const { url } = await limiting('requests', '2/60');
    expect(await refusals(url, ['203.0.113.1', '203.0.113.2', '203.0.113.3'])).toEqual([false, false, true]);
  });

  it.each([{ BATON_TRUST_PROXY: '1' }, { BATON_TRUST_PROXY: '127.0.0.0/8' }])(
    'of a proxy trusted by %j tells clients apart, and what they wrote before it changes nothing',
    async (env) => {
      const { url } = await limiting('requests', '2/60', env);
      const forged = ['1.1.1.1, 203.0.113.1', '2.2.2.2, 203.0.113.1', '3.3.3.3, 203.0.113.1'];
      expect(await refusals(url, forged)).toEqual([false, false, true]);
      expect(await refusals(url, ['203.0.113.2'])).toEqual([false]);
    },
  );

  it('from elsewhere than the trusted networks changes nothing', async () => {
    const { url } = await limiting('requests', '2/60', { BATON_TRUST_PROXY: '10.0.0.0/8' });
    expect(await refusals(url, ['203.0.113.1', '203.0.113.2', '203.0.113.3'])).toEqual([false, false, true]);
  });
});

describe('limits whose store is away', () => {
  it('in PostgreSQL: requests are answered, and each process still limits', async () => {
    const callers = await limiting('visits-by-client', '2/60');
    const { source } = scene.api;
    await source.query('alter table rate_limits rename to gone');
    try {
      const codes: unknown[] = [];
      for (let time = 0; time < 3; time += 1) codes.push(codeOf(await callers.startVisit()));
      expect(codes).toEqual([undefined, undefined, 'RATE_LIMITED']);
    } finally {
      await source.query('alter table gone rename to rate_limits');
    }
  });

  describeWithRedis('in Redis', () => {
    it('requests are answered, and each process still limits', async () => {
      const redis = await startTestRedis();
      const callers = await limiting('visits-by-client', '2/60', { REDIS_URL: redis.url });
      await redis.stop();
      const codes: unknown[] = [];
      for (let time = 0; time < 3; time += 1) codes.push(codeOf(await callers.startVisit()));
      expect(codes).toEqual([undefined, undefined, 'RATE_LIMITED']);
    });
  });
});
