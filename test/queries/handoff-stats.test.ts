import fc from 'fast-check';
import { read } from '../../src/database/scope';
import { type HandoffFigures, readHandoffStats } from '../../src/queries/handoff-stats';
import { openDatabase, type StageDatabase } from '../commands/conversation/stage';
import { createWorld, type World } from '../support/world';
import { BEGINNING, episodes, type EpisodePlan, type HoldPlan, insertEpisodes, USERS } from './stats-episodes';

const SEED = 20_261_126;
const RUNS = 25;
const DAY = 86_400_000;

let database: StageDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const day = (n: number): Date => new Date(BEGINNING + n * DAY);

function figures(
  world: World,
  from: Date,
  to: Date,
  agentIds: readonly string[] | null = null,
): Promise<HandoffFigures> {
  return read(database.source, world.viewer.principal, (manager) =>
    readHandoffStats(manager, world.organization.id, agentIds, { from, to }),
  );
}

/** The percentile that lies between two of the values in proportion. */
function percentile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const place = part * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (above - below) * (place - Math.floor(place));
}

function durations(values: readonly (number | null)[]) {
  const measured = values.filter((value) => value !== null);
  const close = (value: number | null) => (value === null ? null : expect.closeTo(value, 1));
  return {
    count: measured.length,
    p50Ms: close(percentile(measured, 0.5)),
    p90Ms: close(percentile(measured, 0.9)),
  };
}

const lengthOf = ({ began, ended }: HoldPlan): number | null => (ended === null ? null : ended - began);

/** The same, the plain way. */
function expected(world: World, plans: readonly EpisodePlan[]): object {
  const inState = (state: string): number => plans.filter((plan) => plan.state === state).length;
  const requests = plans.filter(({ origin }) => origin !== 'OPERATOR');
  const held = plans.filter(({ holds }) => holds.length > 0);
  const responses = held.map(({ holds }) => {
    const answers = holds.flatMap(({ responded }) => (responded === null ? [] : [responded]));
    return answers.length === 0 ? null : Math.min(...answers) - holds[0]!.began;
  });
  const ended = held.filter(({ state }) => state !== 'REQUESTED' && state !== 'ACCEPTED');
  const all = plans.flatMap((plan) => plan.holds.map((hold, index) => ({ ...hold, plan, index })));
  const people = USERS.flatMap((user) => {
    const own = all.filter((hold) => hold.user === user);
    const by = (origin: string): number => own.filter((hold) => hold.origin === origin).length;
    const to = (ending: string): number => own.filter((hold) => hold.ending === ending).length;
    if (own.length === 0) return [];
    const first = own.filter(({ plan, index }) => index === 0 && plan.origin !== 'OPERATOR');
    return [
      {
        userId: world[user].id,
        accepted: by('ACCEPTED'),
        takenOver: by('TAKEN_OVER'),
        received: by('TRANSFERRED'),
        returned: to('RETURNED'),
        resolved: to('RESOLVED'),
        transferred: to('TRANSFERRED'),
        waitingTime: durations(first.map(({ began, plan }) => began - plan.requested)),
        firstResponse: durations(own.map(({ began, responded }) => (responded === null ? null : responded - began))),
        handlingTime: durations(own.map(lengthOf)),
      },
    ];
  });
  return {
    team: {
      requested: requests.length,
      accepted: requests.filter(({ holds }) => holds.length > 0).length,
      waiting: inState('REQUESTED'),
      unanswered: inState('UNANSWERED'),
      cancelled: inState('CANCELLED'),
      takenOver: plans.length - requests.length,
      inProgress: inState('ACCEPTED'),
      returned: inState('RETURNED'),
      resolved: inState('RESOLVED'),
      transfers: all.filter(({ ending }) => ending === 'TRANSFERRED').length,
      waitingTime: durations(
        requests.map(({ holds, requested }) => (holds.length === 0 ? null : holds[0]!.began - requested)),
      ),
      firstResponse: durations(responses),
      handlingTime: durations(
        ended.map(({ holds }) => holds.reduce((total, hold) => total + (lengthOf(hold) ?? 0), 0)),
      ),
    },
    operators: people.sort((one, other) => (one.userId < other.userId ? -1 : 1)),
  };
}

const sorted = ({ team, operators }: HandoffFigures): object => ({
  team,
  operators: [...operators].sort((one, other) => (one.userId < other.userId ? -1 : 1)),
});

describe('readHandoffStats', () => {
  it('without any handoff counts nothing and knows no percentile', async () => {
    const world = await createWorld(database.source);
    const none = { count: 0, p50Ms: null, p90Ms: null };
    const { team, operators } = await figures(world, day(0), day(1));
    expect(team).toMatchObject({
      requested: 0,
      transfers: 0,
      waitingTime: none,
      firstResponse: none,
      handlingTime: none,
    });
    expect(operators).toEqual([]);
  });

  it('says what a plain computation says, of any handoffs, for any range and any agents', async () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }));
    const property = fc.asyncProperty(episodes, range, async (plans, [from, days]) => {
      const world = await createWorld(database.source);
      await insertEpisodes(database.source, world, plans);
      const [first, end] = [day(from), day(from + days)];
      const within = plans.filter(({ requested }) => requested >= first.getTime() && requested < end.getTime());
      expect(sorted(await figures(world, first, end))).toEqual(expected(world, within));
      const own = within.filter(({ agent }) => agent === 'agent');
      expect(sorted(await figures(world, first, end, [world.agent.id]))).toEqual(expected(world, own));
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
  });

  it('shows nothing of another organization', async () => {
    const world = await createWorld(database.source);
    const plan = fc.sample(episodes, { seed: SEED, numRuns: 1 })[0]!;
    await insertEpisodes(database.source, world, plan);
    const scope = world.otherMember.principal;
    const range = { from: day(0), to: day(20) };
    const theirs = (id: string) =>
      read(database.source, scope, (manager) => readHandoffStats(manager, id, null, range));
    for (const id of [world.otherOrganization.id, world.organization.id]) {
      expect((await theirs(id)).team).toMatchObject({ requested: 0, takenOver: 0 });
    }
  });

  it('reads the handoffs of the range along their index, and no others', async () => {
    const { source } = database;
    const world = await createWorld(source);
    await source.query(
      `insert into handoffs (id, workspace_id, organization_id, conversation_id, agent_id, state, origin, requested_at,
         requested_sequence, ended_at)
       select gen_random_uuid(), $1, $2, $3, $4, 'CANCELLED', 'VISITOR', $5::timestamptz + n * interval '1 hour', 0, now()
       from generate_series(1, 8000) n`,
      [world.workspace.id, world.organization.id, world.conversation.id, world.agent.id, day(0)],
    );
    await source.query('analyze handoffs');
    const plans: string[] = [];
    const range = { from: day(100), to: day(101) };
    const { team } = await read(source, world.viewer.principal, async (manager) => {
      const recorder = Object.create(manager, {
        query: {
          value: async (sql: string, parameters: unknown[]) => {
            plans.push(JSON.stringify(await manager.query(`explain ${sql}`, parameters)));
            return manager.query(sql, parameters);
          },
        },
      }) as typeof manager;
      return readHandoffStats(recorder, world.organization.id, null, range);
    });
    expect(team.requested).toBe(24);
    expect(plans.join()).toMatch(/handoffs_by_request/);
    expect(plans.join()).not.toMatch(/Seq Scan on handoffs/);
  });
});
