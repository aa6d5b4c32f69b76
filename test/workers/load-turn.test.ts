import type { BusinessHours } from '../../src/domain/conversation/business-hours';
import { loadTurn } from '../../src/workers/load-turn';
import { RoutingBench } from './routing-bench';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await RoutingBench.start();
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

const NEVER: BusinessHours = { timeZone: 'UTC', weekly: [], closedDays: [] };
const DAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const ALWAYS: BusinessHours = { ...NEVER, weekly: DAYS.map((day) => ({ day, opens: '00:00', closes: '24:00' })) };

describe('whether the AI of a turn may ask for a person', () => {
  it.each<[BusinessHours | null, BusinessHours | null, boolean]>([
    [null, null, true],
    [null, NEVER, false],
    [ALWAYS, NEVER, true],
    [NEVER, ALWAYS, false],
  ])('hours of the agent %j, over those of the organization %j: %s', async (ofAgent, ofOrganization, expected) => {
    const { agent, organization, conversation, workspace } = bench.world;
    const asJson = (hours: BusinessHours | null) => (hours === null ? null : JSON.stringify(hours));
    await bench.source.query(`update agents set responder_kind = 'SCRIPTED', business_hours = $2 where id = $1`, [
      agent.id,
      asJson(ofAgent),
    ]);
    await bench.source.query('update organizations set business_hours = $2 where id = $1', [
      organization.id,
      asJson(ofOrganization),
    ]);
    await bench.say('Hello');
    const [turn] = await bench.source.query<{ id: string }[]>('select id from turns where conversation_id = $1', [
      conversation.id,
    ]);
    const ref = { turnId: turn!.id, conversationId: conversation.id, workspaceId: workspace.id };
    const loaded = await loadTurn(bench.source, ref, () => null);
    expect(loaded?.turn.mayRequestHuman).toBe(expected);
  });
});
