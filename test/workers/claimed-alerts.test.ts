import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { transferHandoff } from '../../src/commands/conversation/transfer-handoff';
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

  it('waits for a push that is on its way, and leaves it alone when that never came', async () => {
    const handoffId = await request();
    await bench.routing.drain();
    const { workspace } = bench.world;
    const on = (change: string) =>
      bench.routing.source.query(
        `update deliveries set ${change} where channel = 'PUSH' and replaces is null and workspace_id = $1`,
        [workspace.id],
      );
    await on(`attempts = 1, due_at = now() + interval '1 minute'`);
    await acceptHandoff(bench.routing.database, bench.world.secondOperator.principal, { handoffId });
    await bench.work();
    const replacement = (): Promise<unknown> =>
      bench.routing.source.query(
        'select state, detail from deliveries where replaces is not null and workspace_id = $1',
        [workspace.id],
      );
    expect(await replacement()).toEqual([{ state: 'PENDING', detail: 'The first push is on its way.' }]);
    await on(`state = 'FAILED'`);
    await bench.pass(60);
    await bench.work();
    expect(await replacement()).toEqual([{ state: 'SKIPPED', detail: 'NOT_SENT' }]);
    expect(await bench.pushes()).toEqual([]);
  });
});
