import { get } from 'node:http';
import { poolStateOf } from '../../src/database/pool-state';
import { newToken } from '../../src/identity/tokens';
import { createAdmission, Turnstile } from '../../src/server/admission';
import { Tally } from '../../src/server/socket-counts';
import { range, until } from '../realtime/support';
import { startTestApi, type TestApi } from '../support/api';

const TOKEN = newToken('USER_SESSION');

/** How an upgrade is refused. */
function refusedUpgrade(url: string): Promise<{ status: number; retryAfter: string | undefined }> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  };
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] });
    })
      .on('upgrade', () => reject(new Error('It was let in.')))
      .on('error', reject);
  });
}

/** Work that ends when it is told to. */
function gate(): { readonly open: () => void; readonly passed: Promise<void> } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open: () => open(), passed };
}

describe('a turnstile', () => {
  it('lets so many in at a time, in the order in which they came, whatever becomes of them', async () => {
    const turnstile = new Turnstile(2);
    const gates = range(0, 4).map(() => gate());
    const entered: number[] = [];
    const works = gates.map(({ passed }, n) =>
      turnstile.through(async () => {
        entered.push(n);
        await passed;
        if (n === 0) throw new Error('this one fails');
      }),
    );
    expect([entered, turnstile.waiting]).toEqual([[0, 1], 3]);
    gates[0]!.open();
    await expect(works[0]).rejects.toThrow('this one fails');
    await until('the next one is in', () => entered.length === 3);
    expect([entered, turnstile.waiting]).toEqual([[0, 1, 2], 2]);
    for (const { open } of gates) open();
    await Promise.all(works.slice(1));
    expect([entered, turnstile.waiting]).toEqual([[0, 1, 2, 3, 4], 0]);
    expect(await turnstile.through(() => Promise.resolve('free again'))).toBe('free again');
  });

  it('hands a place on to who waits, and not to who comes in that moment', async () => {
    const turnstile = new Turnstile(1);
    const [first, order] = [gate(), [] as string[]];
    const works = [
      turnstile.through(() => first.passed).then(() => turnstile.through(async () => void order.push('again'))),
      turnstile.through(async () => void order.push('waited')),
    ];
    first.open();
    await Promise.all(works);
    expect(order).toEqual(['waited', 'again']);
  });
});

describe('a tally', () => {
  it('takes each off once, and forgets what is at nought', () => {
    const tally = new Tally();
    const [one, other] = [tally.add('a'), tally.add('a')];
    one();
    one();
    expect([tally.of('a'), tally.of('b')]).toEqual([1, 0]);
    other();
    expect(tally.of('a')).toBe(0);
  });
});

describe('admission', () => {
  const told: string[] = [];
  const turnedAway = (transport: string): void => void told.push(transport);

  it('turns requests and sockets away when too many wait for the pool', () => {
    let poolWaiting = 249;
    const admission = createAdmission({ poolSize: 5, poolWaiting: () => poolWaiting, onTurnedAway: turnedAway });
    expect([admission.refusalOf('http'), admission.refusalOf('socket')]).toEqual([null, null]);
    poolWaiting = 250;
    const waits = range(1, 200).map((n) => admission.refusalOf(n % 2 === 0 ? 'http' : 'socket')!);
    // Not all of them in the same second, nor at once.
    expect(new Set(waits)).toEqual(new Set([1, 2, 3, 4, 5]));
    expect(told.filter((transport) => transport === 'http')).toHaveLength(100);
  });

  it.each(['authentications', 'joins'] as const)(
    'turns sockets away, and no requests, when too many wait for %s',
    async (line) => {
      const admission = createAdmission({ poolSize: 5, poolWaiting: () => 0 });
      const { open, passed } = gate();
      const works = range(1, 501).map(() => admission[line].through(() => passed));
      expect([admission[line].waiting, admission.refusalOf('socket')]).toEqual([499, null]);
      works.push(admission[line].through(() => passed));
      expect([admission.refusalOf('socket'), admission.refusalOf('http')]).toEqual([expect.any(Number), null]);
      open();
      await Promise.all(works);
      expect(admission.refusalOf('socket')).toBeNull();
    },
  );
});

describe('a process whose pool is used up', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi({ env: { DATABASE_POOL_SIZE: '2' }, withWorker: false });
  });
  afterAll(() => api.stop());

  // A credential of nobody, which takes a look into the database.
  const ask = (): Promise<Response> =>
    fetch(api.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: '{"query":"{ viewer { __typename } }"}',
    });

  it('answers 503 with Retry-After, on HTTP and to upgrades, and those who waited in the end', async () => {
    const { source } = api.core.database;
    const held = [source.createQueryRunner(), source.createQueryRunner()];
    await Promise.all(held.map((runner) => runner.connect()));
    const waiting = range(1, 20).map(() => ask());
    // They share the statement that looks for their credentials.
    await until('they wait', () => poolStateOf(source).waiting >= 1);
    const crowd = range(1, 100).map(() => source.query('select 1'));
    const refused = await ask();
    expect([refused.status, await refused.json()]).toEqual([
      503,
      { errors: [{ message: expect.stringContaining('Try again'), extensions: { code: 'OVERLOADED' } }] },
    ]);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-5]$/);
    expect(await refusedUpgrade(api.url)).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^[1-5]$/) });
    // Who asks whether the process lives is not turned away.
    expect((await fetch(new URL('/healthz', api.url))).status).toBe(200);
    await Promise.all(held.map((runner) => runner.release()));
    const statuses = (await Promise.all(waiting)).map(({ status }) => status);
    expect(statuses).toContain(200);
    expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
    await Promise.all(crowd);
    expect((await ask()).status).toBe(200);
  });
});
