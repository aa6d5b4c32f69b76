import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { answerTurn } from '../../src/commands/turn/answer-turn';
import { queueBackEnds } from '../jobs/back-ends';
import { until } from '../realtime/support';
import { cut, finish, gate, hang, piece, says, status, toolCall } from '../support/model-server';
import { responderSecretPlace } from '../../src/domain/secrets';
import { testSecrets } from '../support/secrets';
import { startWebhookServer, type WebhookServer } from '../support/webhook-server';
import { TurnBench } from './turn-bench';

describe.each(queueBackEnds(12))('a turn, with queues on $name', ({ redisUrl }) => {
  let bench: TurnBench;
  let webhook: WebhookServer | null = null;

  beforeAll(async () => {
    bench = await TurnBench.start(redisUrl);
  });

  beforeEach(() => bench.reset());

  afterEach(async () => {
    await bench.model.close();
    await webhook?.close();
    webhook = null;
  });

  afterAll(() => bench.stop());

  it('is answered by the model, in pieces first and then as one message', async () => {
    bench.model.script([piece('We '), gate('middle'), piece('sell tea.'), finish()]);
    await bench.say('What do you sell?');
    await until('the first piece', () => bench.deltas().length > 0);
    expect(await bench.aiSaid()).toEqual([]);
    bench.model.release('middle');
    await until('the reply', async () => (await bench.aiSaid()).length > 0);
    expect(await bench.aiSaid()).toEqual(['We sell tea.']);
    await until(
      'all pieces',
      () =>
        bench
          .deltas()
          .map(({ text }) => text)
          .join('') === 'We sell tea.',
    );
    expect(await bench.states()).toEqual(['ANSWERED']);
    const roles = bench.model.requests[0]!.body.messages.map(({ role }) => role);
    expect(roles).toEqual(['system', 'user']);
  });

  it('is superseded by a newer message, and the running generation is broken off', async () => {
    bench.model.script([piece('About the first'), hang()]);
    await bench.say('First question');
    const first = await bench.model.received(1);
    bench.model.script(says('One answer to both.'));
    await bench.say('Second question');
    expect(await first.closedByClient).toBe(true);
    await until('the reply', async () => (await bench.aiSaid()).length > 0);
    expect(await bench.aiSaid()).toEqual(['One answer to both.']);
    expect(await bench.states()).toEqual(['SUPERSEDED', 'ANSWERED']);
  });

  it('promise 7: ends at the takeover: the connection to the model closes and nothing of it is said', async () => {
    bench.model.script([piece('I can'), hang()]);
    await bench.say('Hello?');
    const request = await bench.model.received(1);
    await until('the first piece', () => bench.deltas().length > 0);
    await bench.takeOver();
    expect(await request.closedByClient).toBe(true);
    await until('the end of the turn', async () => (await bench.states())[0] === 'FENCED');
    expect(await bench.aiSaid()).toEqual([]);
    expect(bench.deltas().map(({ text }) => text)).toEqual(['I can']);
  });

  it('answered late is refused, with nothing visible and nothing notified, also when the AI has control again', async () => {
    for (const { id } of [bench.world.owner, bench.world.secondOperator]) {
      await bench.worker.source.query(
        `insert into notification_settings (user_id, workspace_id, channels, events) values ($1, $2, '{EMAIL}', 'ALL_MESSAGES')`,
        [id, bench.world.workspace.id],
      );
    }
    bench.model.script([hang()]);
    await bench.say('Hello?');
    await bench.model.received(1);
    const [turn] = await bench.worker.source.query<{ id: string }[]>(
      'select id from turns where conversation_id = $1',
      [bench.world.conversation.id],
    );
    await until('the alert of the message', async () => (await bench.notified()).length === 2);
    await bench.takeOver();
    const operator = { conversationId: bench.world.conversation.id, clientNonce: 'n', text: 'A person here.' };
    await sendMessage(bench.worker.database, bench.world.operator.principal, operator);
    await bench.handBack(null);
    const before = [await bench.transcript(), await bench.eventCount()];

    const ref = { id: turn!.id, workspaceId: bench.world.workspace.id, conversationId: bench.world.conversation.id };
    expect(await answerTurn(bench.worker.database, ref, 'Too late')).toBe(false);
    expect([await bench.transcript(), await bench.eventCount()]).toEqual(before);
    expect(await bench.notified()).toHaveLength(2);
  });

  it('that is run again after it was answered answers nothing more', async () => {
    bench.model.byDefault(says('Once.'));
    await bench.say('Hello?');
    await until('the reply', async () => (await bench.aiSaid()).length > 0);
    const [turn] = await bench.worker.source.query<{ id: string }[]>(
      'select id from turns where conversation_id = $1',
      [bench.world.conversation.id],
    );
    const payload = {
      turnId: turn!.id,
      workspaceId: bench.world.workspace.id,
      conversationId: bench.world.conversation.id,
    };
    await bench.worker.queues.enqueue([{ name: 'run-turn', payload }]);
    await bench.say('And again?');
    await until('the next reply', async () => (await bench.aiSaid()).length > 1);
    expect(await bench.aiSaid()).toEqual(['Once.', 'Once.']);
    expect(bench.model.requests).toHaveLength(2);
  });

  it('that the model cuts off is tried again and answered once', async () => {
    bench.model.script([piece('Half an ans'), cut()]);
    bench.model.script(says('A whole answer.'));
    await bench.say('Hello?');
    await until('the reply', async () => (await bench.aiSaid()).length > 0);
    expect(await bench.aiSaid()).toEqual(['A whole answer.']);
    expect(bench.model.requests).toHaveLength(2);
    expect(await bench.states()).toEqual(['ANSWERED']);
  });

  it('that the model fails twice leaves a system message and asks for a person', async () => {
    bench.model.byDefault([status(500)]);
    await bench.say('Hello?');
    await until('the failure', async () => (await bench.states())[0] === 'FAILED');
    expect(bench.model.requests).toHaveLength(2);
    const lines = await bench.transcript();
    expect(lines.map(({ author_kind, kind }) => `${author_kind} ${kind}`)).toEqual([
      'VISITOR TEXT',
      'SYSTEM TEXT',
      'SYSTEM HANDOFF_EVENT',
    ]);
    expect(lines[1]!.text).toContain('could not answer');
    await until('the alert', async () => (await bench.notified()).some(({ kind }) => kind === 'HANDOFF_REQUESTED'));
  });

  it('on which the model hangs leaves a system message, and asks for nobody where the AI may not', async () => {
    await bench.worker.source.query('update agents set ai_may_request = false where id = $1', [bench.world.agent.id]);
    bench.model.byDefault([hang()]);
    await bench.say('Hello?');
    await until('the failure', async () => (await bench.states())[0] === 'FAILED');
    expect((await bench.transcript()).map(({ author_kind, kind }) => `${author_kind} ${kind}`)).toEqual([
      'VISITOR TEXT',
      'SYSTEM TEXT',
    ]);
    expect((await bench.turns())[0]!.detail).toContain('1500 ms');
  });

  it('in which the model asks for a person becomes a request with reason and summary', async () => {
    bench.model.script([
      toolCall('request_human', { reason: 'Wants a refund', summary: 'Tea was cold.' }),
      finish('tool_calls'),
    ]);
    await bench.say('I want my money back');
    await until('the request', async () => (await bench.states())[0] === 'HUMAN_REQUESTED');
    const [handoff] = await bench.worker.source.query(
      'select id, origin, state, reason, summary from handoffs where conversation_id = $1',
      [bench.world.conversation.id],
    );
    expect(handoff).toMatchObject({
      origin: 'AI',
      state: 'REQUESTED',
      reason: 'Wants a refund',
      summary: 'Tea was cold.',
    });
    await until('the alert', async () => (await bench.notified()).length > 0);
    expect((await bench.notified())[0]).toMatchObject({
      title: 'Ada asks for a person for Vera',
      body: 'Wants a refund\n“I want my money back”',
    });
    expect(
      (await acceptHandoff(bench.worker.database, bench.world.operator.principal, { handoffId: handoff.id })).refusals,
    ).toEqual([]);
  });

  it('promise 12: after a hand-back carries the brief and what the person and the visitor said', async () => {
    bench.model.script([hang()]);
    await bench.say('Where is my parcel?');
    await bench.model.received(1);
    await bench.takeOver();
    const reply = { conversationId: bench.world.conversation.id, clientNonce: 'n', text: 'It comes on Monday.' };
    await sendMessage(bench.worker.database, bench.world.operator.principal, reply);
    await bench.say('At what time?');
    bench.model.byDefault(says('At noon.'));
    await bench.handBack('Parcel 7 comes at noon.');
    await until('the reply', async () => (await bench.aiSaid()).length > 0);
    const told = bench.model.requests[1]!.body.messages.map(({ role, content }) => `${role}: ${textOf(content)}`);
    expect(told[0]).toContain('Parcel 7 comes at noon.');
    expect(told.slice(1)).toEqual([
      'user: Where is my parcel?',
      expect.stringContaining('oscar has joined'),
      expect.stringContaining('It comes on Monday.'),
      'user: At what time?',
    ]);
    await bench.say('Thank you');
    await until('the next reply', async () => (await bench.aiSaid()).length > 1);
    const later = bench.model.requests[2]!.body.messages.map(({ content }) => textOf(content));
    expect(later[0]).not.toContain('Parcel 7');
    expect(
      later.some((content) => content.includes('Note of the person who handed back: Parcel 7 comes at noon.')),
    ).toBe(true);
  });

  it.each([
    ['in clear', () => 'sk-1'],
    ['of another agent', () => testSecrets.seal('sk-1', responderSecretPlace(bench.world.secondAgent.id))],
  ])('whose secret is stored %s fails and says why, without a request', async (_name, secretOf) => {
    const values = [bench.world.agent.id, secretOf()];
    await bench.worker.source.query('update agents set responder_secret = $2 where id = $1', values);
    await bench.say('Hello?');
    await until('the end', async () => (await bench.states())[0] === 'FAILED');
    const { detail } = (await bench.turns())[0]!;
    expect(detail).toMatch(/^The secret of the responder cannot be opened: BATON_SECRET_KEY [^\n]*$/);
    expect(detail).not.toContain('sk-1');
    expect(bench.model.requests).toHaveLength(0);
  });

  it('left to a webhook that answers later is not posted to it again', async () => {
    const secret = 'a secret of the test';
    webhook = await startWebhookServer({ secret });
    await bench.worker.source.query(
      `update agents set responder_kind = 'WEBHOOK', responder_url = $2, responder_secret = $3 where id = $1`,
      [bench.world.agent.id, webhook.url, testSecrets.seal(secret, responderSecretPlace(bench.world.agent.id))],
    );
    webhook.byDefault({ status: 202 });
    await bench.say('Hello?');
    await until('the mark', async () => (await bench.turns())[0]?.detail === 'DEFERRED');
    expect(webhook.deliveries).toHaveLength(1);
    expect(webhook.deliveries[0]!.signatureIsValid).toBe(true);
    expect(await bench.states()).toEqual(['OPEN']);
  });
});

function textOf(content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}
