import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../src/commands/conversation/cancel-handoff';
import { climbLadder } from '../../src/commands/conversation/climb-ladder';
import { expireHandoff } from '../../src/commands/conversation/expire-handoff';
import { transferHandoff } from '../../src/commands/conversation/transfer-handoff';
import { newId } from '../../src/database/ids';
import type { Escalation } from '../../src/domain/conversation/escalation';
import { ids, RoutingBench } from './routing-bench';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await RoutingBench.start();
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

const ref = (id: string) => {
  return { id, workspaceId: bench.world.workspace.id, conversationId: bench.world.conversation.id };
};

async function ladder(change: Partial<Escalation> = {}): Promise<void> {
  const escalation = {
    onlineSeconds: 30,
    everyoneSeconds: 60,
    fallbackUserIds: [bench.world.manager.id, bench.world.owner.id],
    ...change,
  };
  await bench.source.query('update organizations set escalation = $2 where id = $1', [
    bench.world.organization.id,
    JSON.stringify(escalation),
  ]);
}

async function online(...userIds: string[]): Promise<void> {
  for (const id of userIds) {
    await bench.source.query(
      `insert into presences (process_id, workspace_id, actor_kind, actor_id, until)
       values ($1, $2, 'USER', $3, now() + interval '1 minute')`,
      [newId(), bench.world.workspace.id, id],
    );
  }
}

/** That many seconds later, and everything that is due then. */
async function pass(handoffId: string, seconds: number): Promise<boolean> {
  const back = `- ${seconds} * interval '1 second'`;
  await bench.source.query(`update handoff_rungs set due_at = due_at ${back} where handoff_id = $1`, [handoffId]);
  await bench.source.query(`update handoffs set next_rung_at = next_rung_at ${back} where id = $1`, [handoffId]);
  const climbed = await climbLadder(bench.database, ref(handoffId));
  await bench.drain();
  return climbed;
}

async function rungs(handoffId: string): Promise<string[]> {
  const rows = await bench.source.query<{ line: string }[]>(
    `select concat_ws(' ', rung, state, detail) as line from handoff_rungs where handoff_id = $1 order by id`,
    [handoffId],
  );
  return rows.map(({ line }) => line);
}

const toldIds = async (): Promise<string[]> => ids(await bench.told());

/** Who has more than one entry: those named are told with everybody, and again. */
async function toldTwice(): Promise<string[]> {
  const all = await toldIds();
  return all.filter((id, index) => all.indexOf(id) !== index);
}

describe('a request of an organization with a ladder', () => {
  it('is told again to those named, also where an earlier request was read together with it', async () => {
    const { manager, visitor } = bench.world;
    await ladder({ fallbackUserIds: [manager.id] });
    const first = await bench.request();
    expect((await cancelHandoff(bench.database, visitor.principal, { handoffId: first })).refusals).toEqual([]);
    const second = await bench.request();
    await bench.drain();
    await pass(second, 60);
    const told = await bench.source.query<{ subject_id: string }[]>(
      'select subject_id from notifications where user_id = $1 order by id',
      [manager.id],
    );
    expect(told.map((row) => row.subject_id)).toEqual([first, second, second]);
  });

  it('climbs anew when it goes to the team again, past whoever handed it on', async () => {
    const { operator, secondOperator, manager } = bench.world;
    await ladder();
    await online(operator.id, secondOperator.id);
    const handoffId = await bench.request();
    await bench.drain();
    await acceptHandoff(bench.database, secondOperator.principal, { handoffId });
    await bench.drain();
    expect((await rungs(handoffId)).slice(1)).toEqual([
      'EVERYONE SKIPPED ENDED',
      'FALLBACK SKIPPED ENDED',
      'UNANSWERED SKIPPED ENDED',
    ]);
    const handOn = { handoffId, toUserId: null, note: null, expectedControlEpoch: null };
    await transferHandoff(bench.database, secondOperator.principal, handOn);
    await bench.drain();
    const times = async (id: string) => (await toldIds()).filter((one) => one === id).length;
    expect(await Promise.all([operator, secondOperator, manager].map(({ id }) => times(id)))).toEqual([2, 1, 0]);
    expect(await rungs(handoffId)).toEqual([
      'ONLINE REACHED',
      'EVERYONE WAITING',
      'FALLBACK WAITING',
      'UNANSWERED WAITING',
    ]);
    expect(await pass(handoffId, 30)).toBe(true);
    expect(await Promise.all([operator, secondOperator, manager].map(({ id }) => times(id)))).toEqual([2, 1, 1]);
  });

  it('tells nobody before it is time, nobody twice on the way up, and staff only where they are named', async () => {
    const { operator, secondOperator, limited, manager, owner, admin } = bench.world;
    await ladder();
    await online(operator.id, owner.id);
    const handoffId = await bench.request();
    const jobs = await bench.drain();
    expect(jobs).toContain('climb-ladder');
    expect(await toldIds()).toEqual([operator.id]);
    expect(await pass(handoffId, 25)).toBe(false);
    expect(await toldIds()).toEqual([operator.id]);

    expect(await pass(handoffId, 10)).toBe(true);
    expect(await toldIds()).toEqual([operator.id, secondOperator.id, limited.id, manager.id].sort());
    expect(await rungs(handoffId)).toEqual([
      'ONLINE REACHED',
      'EVERYONE REACHED',
      'FALLBACK WAITING',
      'UNANSWERED WAITING',
    ]);

    expect(await pass(handoffId, 60)).toBe(true);
    expect(await toldTwice()).toEqual([manager.id]);
    expect(await toldIds()).toContain(owner.id);
    expect(await toldIds()).not.toContain(admin.id);
    expect(await pass(handoffId, 60)).toBe(false);
  });

  it('tells everybody at once when nobody is online, and says why', async () => {
    const { operator, secondOperator, limited, manager } = bench.world;
    await ladder();
    const handoffId = await bench.request();
    await bench.drain();
    expect(await toldIds()).toEqual([operator.id, secondOperator.id, limited.id, manager.id].sort());
    expect((await rungs(handoffId)).slice(0, 2)).toEqual(['ONLINE SKIPPED NOBODY_ONLINE', 'EVERYONE REACHED']);
  });

  it('tells everybody with those who are named from the beginning, each once', async () => {
    const { operator, secondOperator, limited, manager, owner } = bench.world;
    await ladder({ onlineSeconds: 0, everyoneSeconds: 0 });
    const handoffId = await bench.request();
    await bench.drain();
    expect((await rungs(handoffId)).slice(0, 2)).toEqual(['EVERYONE REACHED', 'FALLBACK REACHED']);
    expect(await toldIds()).toEqual([operator.id, secondOperator.id, limited.id, manager.id, owner.id].sort());
  });

  it('tells staff when nobody of the organization may handle the agent', async () => {
    await ladder({ onlineSeconds: 0, fallbackUserIds: [] });
    await bench.source.query('update users set disabled_at = now() where organization_id is not null');
    await bench.request();
    await bench.drain();
    expect(await toldIds()).toEqual([bench.world.owner.id, bench.world.admin.id].sort());
  });

  it('climbs no further once somebody has accepted', async () => {
    await ladder();
    await online(bench.world.operator.id);
    const handoffId = await bench.request();
    await acceptHandoff(bench.database, bench.world.operator.principal, { handoffId });
    expect(await pass(handoffId, 3600)).toBe(false);
    expect(await rungs(handoffId)).toEqual([
      'ONLINE REACHED',
      'EVERYONE SKIPPED ENDED',
      'FALLBACK SKIPPED ENDED',
      'UNANSWERED SKIPPED ENDED',
    ]);
    expect(await toldIds()).toEqual([bench.world.operator.id]);
  });

  it('reaches what it has missed together, and its end when nobody comes', async () => {
    await ladder();
    await online(bench.world.operator.id);
    const handoffId = await bench.request();
    expect(await pass(handoffId, 200)).toBe(true);
    const { operator, secondOperator, limited, manager, owner } = bench.world;
    expect(await toldIds()).toEqual([operator.id, secondOperator.id, limited.id, manager.id, owner.id].sort());
    await bench.source.query(`update handoffs set answer_by = now() - interval '1 second' where id = $1`, [handoffId]);
    expect(await expireHandoff(bench.database, ref(handoffId))).toBe(true);
    expect(await rungs(handoffId)).toEqual([
      'ONLINE REACHED',
      'EVERYONE REACHED',
      'FALLBACK REACHED',
      'UNANSWERED REACHED',
    ]);
    const [row] = await bench.source.query<{ rung: string; next_rung_at: Date | null }[]>(
      'select rung, next_rung_at from handoffs where id = $1',
      [handoffId],
    );
    expect(row).toEqual({ rung: 'UNANSWERED', next_rung_at: null });
  });

  it('is climbed once by several at the same time', async () => {
    await ladder();
    await online(bench.world.operator.id);
    const handoffId = await bench.request();
    await bench.source.query(`update handoff_rungs set due_at = due_at - interval '31 seconds' where handoff_id = $1`, [
      handoffId,
    ]);
    await bench.source.query(`update handoffs set next_rung_at = now() - interval '1 second' where id = $1`, [
      handoffId,
    ]);
    const climbs = await Promise.all([1, 2, 3, 4].map(() => climbLadder(bench.database, ref(handoffId))));
    expect(climbs.filter(Boolean)).toHaveLength(1);
  });
});

describe('a request of an agent with a ladder of its own', () => {
  it('tells by that, and not by the one of its organization', async () => {
    const { agent, operator, secondOperator, limited, manager } = bench.world;
    await ladder();
    const own: Escalation = { onlineSeconds: 0, everyoneSeconds: 10, fallbackUserIds: [operator.id] };
    await bench.source.query('update agents set escalation = $2 where id = $1', [agent.id, JSON.stringify(own)]);
    await online(operator.id);
    const handoffId = await bench.request();
    await bench.drain();
    expect(await toldIds()).toEqual([operator.id, secondOperator.id, limited.id, manager.id].sort());
    expect(await pass(handoffId, 11)).toBe(true);
    expect(await toldTwice()).toEqual([operator.id]);
    expect(await rungs(handoffId)).toEqual(['EVERYONE REACHED', 'FALLBACK REACHED', 'UNANSWERED WAITING']);
  });
});

describe('a request of an organization without a ladder', () => {
  it('promise 6: tells everybody who may handle the agent at once', async () => {
    const handoffId = await bench.request();
    await bench.drain();
    expect(await toldIds()).toEqual(bench.operators());
    expect(await rungs(handoffId)).toEqual(['EVERYONE REACHED', 'UNANSWERED WAITING']);
  });
});
