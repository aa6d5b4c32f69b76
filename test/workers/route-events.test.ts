import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { expireHandoff } from '../../src/commands/conversation/expire-handoff';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { transferHandoff } from '../../src/commands/conversation/transfer-handoff';
import { takeOverConversation } from '../../src/commands/conversation/take-over-conversation';
import { submitInquiry } from '../../src/commands/inquiry/submit-inquiry';
import { Conversation } from '../../src/entities/conversation';
import { ids, RoutingBench, type Told } from './routing-bench';

let bench: RoutingBench;

beforeAll(async () => {
  bench = await RoutingBench.start();
});

beforeEach(() => bench.reset());

afterAll(() => bench.stop());

describe('a request', () => {
  it('tells neither a viewer, nor another organization, nor a member limited to another agent, nor a disabled user', async () => {
    await bench.source.query('delete from user_agents where user_id = $1', [bench.world.limited.id]);
    await bench.source.query('update users set disabled_at = now() where id = $1', [bench.world.secondOperator.id]);
    await bench.request();
    await bench.drain();
    const outsiders = [
      bench.world.viewer.id,
      bench.world.otherMember.id,
      bench.world.limited.id,
      bench.world.secondOperator.id,
    ];
    expect((await bench.told()).filter((row) => outsiders.includes(row.user_id))).toEqual([]);
  });

  it('promise 6: becomes an entry and by default an e-mail for every operator who may handle the agent', async () => {
    await bench.request();
    const jobs = await bench.drain();
    const rows = await bench.told();
    expect(ids(rows)).toEqual(bench.operators());
    for (const row of rows) {
      expect(row).toMatchObject({
        kind: 'HANDOFF_REQUESTED',
        title: 'Vera asks for a person',
        body: 'A broken parcel',
        seen: false,
      });
      expect(row.deliveries).toEqual(['EMAIL PENDING']);
    }
    expect(ids(await bench.eventsOf('NOTIFICATION_ADDED'))).toEqual(bench.operators());
    expect(jobs.filter((name) => name === 'deliver')).toHaveLength(bench.operators().length);
    expect(jobs.filter((name) => name === 'expire-handoff')).toHaveLength(1);
  });

  it('leaves by the channels that each person has chosen, once for each browser', async () => {
    await bench.choose(bench.world.operator.id, ['EMAIL', 'PUSH'], 'REQUESTS_ONLY');
    await bench.registerBrowser(bench.world.operator.id);
    await bench.registerBrowser(bench.world.operator.id);
    await bench.choose(bench.world.secondOperator.id, ['PUSH'], 'REQUESTS_ONLY');
    await bench.choose(bench.world.manager.id, [], 'ALL_MESSAGES');
    await bench.request();
    await bench.drain();
    const deliveries = new Map((await bench.told()).map((row) => [row.user_id, row.deliveries]));
    expect(deliveries.get(bench.world.operator.id)).toEqual(['EMAIL PENDING', 'PUSH PENDING', 'PUSH PENDING']);
    expect(deliveries.get(bench.world.secondOperator.id)).toEqual(['PUSH SKIPPED NO_PUSH_SUBSCRIPTION']);
    expect(deliveries.get(bench.world.manager.id)).toEqual([]);
  });

  it('gives to who is watching an entry that is seen, and sends nothing', async () => {
    await bench.watch(bench.world.operator.id, 60);
    await bench.watch(bench.world.secondOperator.id, -1);
    await bench.request();
    await bench.drain();
    const rows = new Map((await bench.told()).map((row) => [row.user_id, row]));
    expect(rows.get(bench.world.operator.id)).toMatchObject({ seen: true, deliveries: ['EMAIL SKIPPED WATCHING'] });
    expect(rows.get(bench.world.secondOperator.id)).toMatchObject({ seen: false, deliveries: ['EMAIL PENDING'] });
    expect(ids(await bench.eventsOf('NOTIFICATION_ADDED'))).not.toContain(bench.world.operator.id);
  });

  it('is about staff alone for an agent of no organization', async () => {
    await bench.source.query('update conversations set organization_id = null where id = $1', [
      bench.world.conversation.id,
    ]);
    await bench.request();
    await bench.drain();
    expect(ids(await bench.told())).toEqual([bench.world.owner.id, bench.world.admin.id].sort());
  });

  it('tells again when nobody answered, and when an inquiry was left', async () => {
    const handoffId = await bench.request();
    await bench.source.query(`update handoffs set answer_by = now() - interval '1 second' where id = $1`, [handoffId]);
    const ref = { id: handoffId, workspaceId: bench.world.workspace.id, conversationId: bench.world.conversation.id };
    expect(await expireHandoff(bench.database, ref)).toBe(true);
    const inquiry = {
      conversationId: bench.world.conversation.id,
      email: 'v@example.com',
      name: 'Vera V',
      text: 'Call me',
      idempotencyKey: 'i',
    };
    await submitInquiry(bench.database, bench.world.visitor.principal, inquiry);
    await bench.drain();
    const mine = (await bench.told()).filter((row) => row.user_id === bench.world.operator.id);
    expect(mine.map(({ kind, title, body }) => ({ kind, title, body }))).toEqual([
      { kind: 'HANDOFF_REQUESTED', title: 'Vera asks for a person', body: 'A broken parcel' },
      { kind: 'HANDOFF_UNANSWERED', title: 'Nobody answered Vera in time', body: 'A broken parcel' },
      { kind: 'INQUIRY_SUBMITTED', title: 'Vera V left an inquiry', body: 'Call me' },
    ]);
  });
});

describe('a transfer', () => {
  async function transfer(
    from: 'operator' | 'secondOperator',
    to: 'operator' | 'secondOperator' | null,
  ): Promise<void> {
    const { database, world } = bench;
    const { handoffId } = await bench.source.manager.findOneByOrFail(Conversation, { id: world.conversation.id });
    const toUserId = to && world[to].id;
    const input = { handoffId: handoffId!, toUserId, note: 'Knows me', expectedControlEpoch: null };
    expect((await transferHandoff(database, world[from].principal, input)).refusals).toEqual([]);
    await bench.drain();
  }
  const since = async (before: number): Promise<Told[]> => (await bench.told()).slice(before);

  it('tells the operator who has it now and nobody else, each time, and nobody who took it', async () => {
    const { world, database } = bench;
    await bench.connect(world.operator.id);
    await bench.connect(world.secondOperator.id);
    const handoffId = await bench.request();
    await acceptHandoff(database, world.operator.principal, { handoffId });
    await bench.drain();
    const before = (await bench.told()).length;
    await transfer('operator', 'secondOperator');
    await transfer('secondOperator', 'operator');
    await transfer('operator', 'secondOperator');
    await transfer('operator', 'operator');
    const rows = await since(before);
    const [ada, ben] = [world.operator.id, world.secondOperator.id];
    expect(rows.map(({ user_id, kind }) => [user_id, kind])).toEqual(
      [ben, ada, ben].map((id) => [id, 'HANDOFF_TRANSFERRED']),
    );
    expect(rows[0]).toMatchObject({ title: expect.stringMatching(/ hands Vera over to you$/), body: 'Knows me' });
    expect(rows[0]!.deliveries).toEqual(['EMAIL PENDING']);
  });

  it('to the team rings again for everybody but the one who made it', async () => {
    const { world, database } = bench;
    const handoffId = await bench.request();
    for (let round = 0; round < 2; round += 1) {
      await acceptHandoff(database, world.operator.principal, { handoffId });
      await bench.drain();
      const before = (await bench.told()).length;
      await transfer('operator', null);
      const rows = await since(before);
      expect(ids(rows)).toEqual(bench.operators().filter((id) => id !== world.operator.id));
      expect(new Set(rows.map(({ kind }) => kind))).toEqual(new Set(['HANDOFF_REQUESTED']));
    }
  });
});

describe('what somebody did', () => {
  it('alerts nobody when an operator takes over and writes', async () => {
    await bench.choose(bench.world.secondOperator.id, ['EMAIL'], 'ALL_MESSAGES');
    const conversationId = bench.world.conversation.id;
    await takeOverConversation(bench.database, bench.world.operator.principal, {
      conversationId,
      expectedControlEpoch: null,
    });
    await sendMessage(bench.database, bench.world.operator.principal, {
      conversationId,
      clientNonce: 'n',
      text: 'Hello',
    });
    await bench.drain();
    expect(await bench.told()).toEqual([]);
  });
});

describe('a message of the visitor', () => {
  it('tells nobody by default', async () => {
    await bench.say('Hello');
    await bench.drain();
    expect(await bench.told()).toEqual([]);
  });

  it('tells those who asked for all messages, except who is watching', async () => {
    for (const { id } of [
      bench.world.operator,
      bench.world.secondOperator,
      bench.world.viewer,
      bench.world.otherMember,
    ])
      await bench.choose(id, ['EMAIL'], 'ALL_MESSAGES');
    await bench.watch(bench.world.secondOperator.id, 60);
    await bench.say('Hello there');
    await bench.drain();
    expect(await bench.told()).toEqual([
      expect.objectContaining({
        user_id: bench.world.operator.id,
        kind: 'MESSAGE_RECEIVED',
        title: 'Vera wrote a message',
        body: 'Hello there',
      }),
    ]);
    expect(
      await bench.source.query('select subject_id from notifications where workspace_id = $1', [
        bench.world.workspace.id,
      ]),
    ).toEqual([{ subject_id: bench.world.conversation.id }]);
  });

  it('tells only who has the conversation, while somebody has it', async () => {
    for (const { id } of [bench.world.operator, bench.world.secondOperator, bench.world.owner])
      await bench.choose(id, ['EMAIL'], 'ALL_MESSAGES');
    const handoffId = await bench.request();
    await acceptHandoff(bench.database, bench.world.operator.principal, { handoffId });
    await bench.drain();
    await bench.say('Are you there?');
    await bench.drain();
    const messages = (await bench.told()).filter((row) => row.kind === 'MESSAGE_RECEIVED');
    expect(ids(messages)).toEqual([bench.world.operator.id]);
  });

  it('starts a turn for an agent that workers answer for, and none for the others', async () => {
    for (const [kind, expected] of [
      ['SCRIPTED', 1],
      ['API', 0],
      ['NONE', 0],
    ] as const) {
      await bench.source.query('update agents set responder_kind = $2 where id = $1', [bench.world.agent.id, kind]);
      await bench.say('Hello');
      expect((await bench.drain()).filter((name) => name === 'run-turn')).toHaveLength(expected);
    }
  });
});
