import { AlertBench } from './alert-bench';
import { ids } from './routing-bench';

let bench: AlertBench;

beforeAll(async () => {
  bench = await AlertBench.start();
});

beforeEach(() => bench.reset());

afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});

afterAll(() => bench.stop());

async function gather(seconds: { organization: number; agent?: number; operator?: number }): Promise<void> {
  const { organization, agent, operator } = bench.world;
  const rows: [string, number | undefined, string][] = [
    ['organizations set alert_interval_seconds = $1 where id', seconds.organization, organization.id],
    ['agents set alert_interval_seconds = $1 where id', seconds.agent, agent.id],
    ['notification_settings set alert_interval_seconds = $1 where user_id', seconds.operator, operator.id],
  ];
  for (const [columns, value, id] of rows)
    await bench.routing.source.query(`update ${columns} = $2`, [value ?? null, id]);
}

describe('a message of the visitor', () => {
  it('tells members whose organization wants all messages, but who chose otherwise, and staff', async () => {
    const { workspace, organization, operator, secondOperator, limited, manager } = bench.world;
    await bench.routing.source.query('delete from notification_settings where workspace_id = $1', [workspace.id]);
    await bench.routing.source.query(
      `update organizations set member_events = 'ALL_MESSAGES', member_channels = '{PUSH}' where id = $1`,
      [organization.id],
    );
    await bench.routing.choose(operator.id, ['EMAIL'], 'REQUESTS_ONLY');
    await bench.routing.source.query(
      `insert into notification_settings (user_id, workspace_id, channels) values ($1, $2, '{EMAIL}')`,
      [manager.id, workspace.id],
    );
    await bench.routing.say('Hello there');
    await bench.routing.drain();
    const told = await bench.routing.told();
    expect(ids(told)).toEqual([secondOperator.id, limited.id, manager.id].sort());
    const ways = new Map(told.map((row) => [row.user_id, row.deliveries]));
    expect(ways.get(manager.id)).toEqual(['EMAIL PENDING']);
    expect(ways.get(secondOperator.id)).toEqual(['PUSH SKIPPED NO_PUSH_SUBSCRIPTION']);
  });
});

describe('messages are gathered for', () => {
  it.each([
    ["the organization's interval", { organization: 100 }, 100],
    ["the agent's, over it", { organization: 1000, agent: 100 }, 100],
    ["the person's own, over both", { organization: 1, agent: 1000, operator: 100 }, 100],
  ])('%s', async (_whose, seconds, interval) => {
    await gather(seconds);
    await bench.pass(3600);
    await bench.routing.say('One');
    await bench.work();
    await bench.routing.say('Two');
    await bench.routing.say('Three');
    await bench.work();
    await bench.pass(interval - 20);
    await bench.work();
    expect(bench.mails()).toEqual(['Vera wrote a message']);
    await bench.pass(21);
    await bench.work();
    expect(bench.mails()).toEqual(['Vera wrote a message', 'Vera wrote 2 messages']);
  });
});
