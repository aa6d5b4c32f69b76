import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { transferHandoff } from '../../src/commands/conversation/transfer-handoff';
import { startSweepers } from '../../src/workers/sweepers';
import { until } from '../realtime/support';
import { AlertBench } from './alert-bench';

let bench: AlertBench;

beforeAll(async () => {
  bench = await AlertBench.start();
});

beforeEach(() => bench.reset());

afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});

afterAll(() => bench.stop());

const request = () => bench.routing.request();
const ASKS = 'Vera asks for a person';

describe('a claim of what has left', () => {
  it('puts who has it in its place: under the bell, and with the same tag and topic in the browser', async () => {
    const handoffId = await request();
    await bench.work();
    await acceptHandoff(bench.routing.database, bench.world.secondOperator.principal, { handoffId });
    await bench.work();
    await bench.work();
    const { displayName } = bench.world.secondOperator.row;
    const [first, second, ...more] = await bench.pushes();
    expect(more).toEqual([]);
    expect(first!.title).toBe(ASKS);
    expect(second).toEqual({ ...first, title: `${displayName} has it` });
    expect(bench.mails()).toEqual([ASKS]);
    const mine = (await bench.routing.told()).filter((row) => row.user_id === bench.world.operator.id);
    expect(mine).toMatchObject([{ title: `${displayName} has it`, body: ASKS, seen: true }]);
    const changed = await bench.routing.eventsOf('NOTIFICATION_CHANGED');
    expect(changed.map((row) => row.user_id)).toContain(bench.world.operator.id);
  });

  it('says nothing to a browser that was never told, and nothing twice when the log is read again', async () => {
    const handoffId = await request();
    await bench.work();
    await acceptHandoff(bench.routing.database, bench.world.secondOperator.principal, { handoffId });
    await bench.work();
    await bench.routing.source.query('update event_consumers set position = 0');
    await bench.routing.source.query(
      `update deliveries set state = 'FAILED', sent_at = null where replaces is null and state = 'SENT' and workspace_id = $1`,
      [bench.world.workspace.id],
    );
    await bench.work();
    expect(await bench.pushes()).toHaveLength(2);
  });

  it('tells of a request that went to the team, and takes back that one alone', async () => {
    const handoffId = await request();
    await bench.work();
    const { principal, row } = bench.world.secondOperator;
    const accept = () => acceptHandoff(bench.routing.database, principal, { handoffId });
    await accept();
    await bench.work();
    await bench.work();
    const handOn = { handoffId, toUserId: null, note: null, expectedControlEpoch: null };
    expect((await transferHandoff(bench.routing.database, principal, handOn)).refusals).toEqual([]);
    await bench.work();
    await accept();
    await bench.work();
    await bench.work();
    const toTeam = `${row.displayName} hands Vera to the team`;
    const has = `${row.displayName} has it`;
    expect((await bench.pushes()).map(({ title }) => title)).toEqual([ASKS, has, toTeam, has]);
    const mine = (await bench.routing.told()).filter(({ user_id }) => user_id === bench.world.operator.id);
    expect(mine.map(({ title, body }) => [title, body]).sort()).toEqual([
      [has, ASKS],
      [has, toTeam],
    ]);
  });

  describe('of a push that is on its way', () => {
    const on = (change: string) =>
      bench.routing.source.query(
        `update deliveries set ${change} where channel = 'PUSH' and replaces is null and workspace_id = $1`,
        [bench.world.workspace.id],
      );
    const deliveries = (which: string) =>
      bench.routing.source.query<{ id: string; state: string; attempts: number; detail: string | null }[]>(
        `select id, state, attempts, detail from deliveries where workspace_id = $1 and state <> 'SKIPPED' and ${which}`,
        [bench.world.workspace.id],
      );
    const accept = (handoffId: string) =>
      acceptHandoff(bench.routing.database, bench.world.secondOperator.principal, { handoffId });
    const PATIENT = [{ state: 'PENDING', attempts: 0, detail: null }];

    /** A worker has taken the push when somebody claims the request. */
    async function claimUnderway(): Promise<void> {
      const handoffId = await request();
      await bench.routing.drain();
      await on(`attempts = 1, due_at = now() + interval '1 minute'`);
      await accept(handoffId);
      await bench.work();
    }

    it('waits as long as that one does, and spends no attempt on it', async () => {
      await claimUnderway();
      for (let hour = 1; hour <= 8; hour += 1) {
        await bench.pass(3600);
        await on(`due_at = now() + interval '1 minute'`);
        await bench.work();
      }
      expect(await deliveries('replaces is not null')).toMatchObject(PATIENT);
      expect(await bench.pushes()).toEqual([]);
    });

    it('leaves it alone when that one never came', async () => {
      await claimUnderway();
      await on(`state = 'FAILED'`);
      await bench.work();
      expect(
        await bench.routing.source.query(
          'select state, detail from deliveries where replaces is not null and workspace_id = $1',
          [bench.world.workspace.id],
        ),
      ).toEqual([{ state: 'SKIPPED', detail: 'NOT_SENT' }]);
      expect(await bench.pushes()).toEqual([]);
    });

    it('is woken when that one has left, and goes out then', async () => {
      const handoffId = await request();
      await bench.routing.drain();
      const [first] = await deliveries(`channel = 'PUSH'`);
      await bench.send(first!.id, {
        push: {
          send: async (...push) => {
            await accept(handoffId);
            await bench.work();
            expect(await deliveries('replaces is not null')).toMatchObject(PATIENT);
            return bench.parts.push.send(...push);
          },
        },
      });
      const [behind] = await deliveries('replaces is not null');
      const payload = { deliveryId: behind!.id, workspaceId: bench.world.workspace.id };
      expect(bench.added).toEqual([{ name: 'deliver', payload, round: 0 }]);
      await bench.work();
      const { displayName } = bench.world.secondOperator.row;
      expect((await bench.pushes()).map(({ title }) => title)).toEqual([ASKS, `${displayName} has it`]);
    });

    it('is passed over by the sweeper until that one is settled', async () => {
      await claimUnderway();
      await bench.pass(3600);
      await on(`due_at = now() + interval '1 minute'`);
      await bench.routing.source.query(
        `update deliveries set state = 'PENDING' where channel = 'EMAIL' and workspace_id = $1`,
        [bench.world.workspace.id],
      );
      const [mail] = await deliveries(`channel = 'EMAIL'`);
      const [behind] = await deliveries('replaces is not null');
      const swept: string[] = [];
      const sweepers = startSweepers({
        database: bench.routing.database,
        queues: {
          enqueue: async (jobs) => {
            swept.push(...jobs.map((job) => (job.name === 'deliver' ? job.payload.deliveryId : job.name)));
          },
        },
        hints: { publishSignal: () => undefined },
        log: bench.log,
        graceSeconds: 0,
      });
      try {
        await until('the mail is swept', () => swept.includes(mail!.id));
        expect(swept).not.toContain(behind!.id);
        await on(`state = 'FAILED'`);
        await until('what waited is swept', () => swept.includes(behind!.id));
      } finally {
        await sweepers.stop();
      }
    });
  });
});
