import { sendAlone } from '../../../../src/commands/conversation/send/send-alone';
import { sendLanesOf } from '../../../../src/commands/conversation/send/send-lanes';
import { sendTogether } from '../../../../src/commands/conversation/send/send-together';
import { newId } from '../../../../src/database/ids';
import type { Outcome } from '../../../../src/domain/refusal';
import { until } from '../../../realtime/support';
import { createWorld } from '../../../support/world';
import { countStatements } from '../../../support/count-statements';
import { accepted, codes, createStage, openDatabase, type Stage, type StageDatabase } from '../stage';
import { addTalks, messagesOf, numbersTo, say, type Talk } from './crowd';

let database: StageDatabase;
let stage: Stage;
let visit: Talk;
const counted = countStatements();

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  stage = await createStage(database);
  visit = { principal: stage.world.visitor.principal, conversationId: stage.conversationId };
});
afterAll(async () => {
  counted.stop();
  await database.close();
});

const codeOf = (outcome: Outcome<unknown>): string => codes(outcome)[0] ?? 'ok';

describe('64 senders at once', () => {
  it('in one conversation get each its own message, in dense order, and every refused one its own reason', async () => {
    const { world, conversationId } = stage;
    const kinds = [
      [visit, 'ok'],
      [{ principal: world.otherVisitor.principal, conversationId }, 'NOT_FOUND conversationId'],
      [{ principal: world.owner.principal, conversationId }, 'INVALID_TRANSITION conversationId'],
      [{ principal: world.viewer.principal, conversationId }, 'FORBIDDEN conversationId'],
    ] as const;
    const sent = Array.from({ length: 64 }, (_, at) => ({
      text: `text ${at}`,
      kind: kinds[at % 2 ? 0 : (at / 2) % 4]!,
    }));
    const outcomes = await Promise.all(sent.map(({ text, kind: [talk] }) => say(database, talk, text)));
    expect(outcomes.map(codeOf)).toEqual(sent.map(({ kind: [, code] }) => code));

    const messages = await messagesOf(database, conversationId);
    expect(messages.map(({ sequence }) => sequence)).toEqual(numbersTo(40));
    const byId = new Map(messages.map((message) => [message.id, message]));
    for (const [at, outcome] of outcomes.entries()) {
      if (outcome.value === null) continue;
      expect(outcome.value.message).toEqual({ ...byId.get(outcome.value.message.id) });
      expect(outcome.value.message.text).toBe(sent[at]!.text);
    }
    // In the order in which they were sent, too: one lane.
    expect(messages.map(({ text }) => text)).toEqual(
      sent.filter(({ kind: [, code] }) => code === 'ok').map(({ text }) => text),
    );
    expect((await stage.row()).lastSequence).toBe(40);
    expect((await stage.turnStates()).filter((state) => state.endsWith('OPEN'))).toEqual(['text 63 OPEN']);
  });

  it('in 16 conversations of two workspaces leave each of them dense, in one transaction for many', async () => {
    const talks = await addTalks(database, stage.world, 8);
    talks.push(...(await addTalks(database, await createWorld(database.source), 8)));
    counted.clear();
    const outcomes = await Promise.all(numbersTo(64).map((at) => say(database, talks[at % 16]!, `text ${at}`)));
    expect(outcomes.map(codeOf)).toEqual(outcomes.map(() => 'ok'));
    // Two workspaces: one that goes at once and one for the rest, each.
    expect(counted.texts.filter((text) => text === 'commit')).toHaveLength(4);
    for (const { conversationId } of talks) {
      const messages = await messagesOf(database, conversationId);
      expect(messages.map(({ sequence }) => sequence)).toEqual(numbersTo(4));
    }
  });
});

describe('a batch', () => {
  it('costs six statements, for one message and for 64', async () => {
    const talks = await addTalks(database, stage.world, 32);
    const costs: number[] = [];
    for (const count of [1, 64]) {
      const sends = numbersTo(count).map((at) => {
        const { principal, conversationId } = talks[at % 32]!;
        return { principal, input: { conversationId, clientNonce: newId(), text: 'hello' } };
      });
      counted.clear();
      await sendTogether(database, { workspaceId: stage.world.workspace.id }, sends, 'SKIPPED');
      costs.push(counted.texts.length);
    }
    expect(costs).toEqual([6, 6]);
  });

  it('sees nothing outside of its scope, whoever its principals say that they are', async () => {
    const foreign = await createStage(database);
    const before = await foreign.everything();
    const { conversationId, world } = foreign;
    const input = { conversationId, clientNonce: newId(), text: 'hello' };
    const sends = [{ principal: world.visitor.principal, input }];
    const ours = { workspaceId: stage.world.workspace.id };
    const theirs = { workspaceId: world.workspace.id };
    const organization = { ...theirs, organizationId: world.otherOrganization.id };
    for (const scope of [ours, organization]) {
      const [answer] = await sendTogether(database, scope, sends, 'AWAITED');
      expect(codeOf(answer as Outcome<unknown>)).toBe('NOT_FOUND conversationId');
    }
    expect(await foreign.everything()).toEqual(before);
    expect(codeOf((await sendTogether(database, theirs, sends, 'AWAITED'))[0] as Outcome<unknown>)).toBe('ok');
  });

  it('that fails for one message fails for nobody else', async () => {
    await database.source.query(`
      create function refuse_poison() returns trigger language plpgsql as
        $$ begin if new.text = 'poison' then raise exception 'poisoned'; end if; return new; end $$;
      create trigger poison before insert on messages for each row execute function refuse_poison()`);
    try {
      const talks = [visit, ...(await addTalks(database, stage.world, 3))];
      const texts = numbersTo(24).map((at) => (at % 8 === 0 ? 'poison' : `text ${at}`));
      const results = await Promise.allSettled(texts.map((text, at) => say(database, talks[at % 4]!, text)));
      for (const [at, text] of texts.entries()) {
        const { status } = results[at]!;
        expect([text, status]).toEqual([text, text === 'poison' ? 'rejected' : 'fulfilled']);
      }
      for (const [at, { conversationId }] of talks.entries()) {
        const messages = await messagesOf(database, conversationId);
        const kept = texts.filter((text, index) => index % 4 === at && text !== 'poison');
        expect(messages.map(({ sequence }) => sequence)).toEqual(numbersTo(kept.length));
        expect(messages.map(({ text }) => text)).toEqual(kept);
      }
    } finally {
      await database.source.query('drop trigger poison on messages; drop function refuse_poison()');
    }
  });
});

describe('messages that meet others on the way', () => {
  it('with the same nonce, together and alone at the same instant, are one message each time', async () => {
    const { principal, conversationId } = visit;
    for (const clientNonce of numbersTo(12).map(String)) {
      const input = { conversationId, clientNonce, text: clientNonce };
      const alone = [1, 2].map(() => sendAlone(database, principal, input));
      const together = [1, 2, 3].map(() => say(database, visit, clientNonce, clientNonce));
      const sent = (await Promise.all([...together, ...alone])).map(accepted);
      expect(new Set(sent.map(({ message }) => message.id)).size).toBe(1);
      expect(sent.filter(({ wasDuplicate }) => !wasDuplicate)).toHaveLength(1);
    }
    const messages = await messagesOf(database, conversationId);
    expect(messages.map(({ sequence }) => sequence)).toEqual(numbersTo(12));
  });

  it('of an operator who is losing the conversation are written while it is theirs, or not at all', async () => {
    const names = { operator: stage.world.operator.id, secondOperator: stage.world.secondOperator.id };
    const writes = (who: keyof typeof names, round: number) =>
      numbersTo(6).map((at) => stage.writes(who, `${who} ${round} ${at}`));
    const outcomes: Outcome<unknown>[] = [];
    for (let round = 0; round < 12; round += 1) {
      const [from, to] =
        round % 2 === 0 ? (['operator', 'secondOperator'] as const) : (['secondOperator', 'operator'] as const);
      if (round === 0) await stage.takesOver(from);
      const early = writes(from, round);
      // In two rounds of three they meet the handover on the way.
      if (round % 3 === 0) await Promise.all(early);
      const handover = stage.handsBack(null, from).then(() => stage.takesOver(to));
      outcomes.push(...(await Promise.all([...early, ...writes(to, round), ...writes(from, round)])));
      accepted(await handover);
    }
    let holder: string | null = null;
    for (const { authorKind, authorUserId, text } of await stage.messages()) {
      if (authorKind === 'OPERATOR') expect(authorUserId).toBe(holder);
      else if (text === 'oscar has joined the conversation.') holder = names.operator;
      else if (text === 'sara has joined the conversation.') holder = names.secondOperator;
      else holder = null;
    }
    const written = (await stage.messages()).filter(({ authorKind }) => authorKind === 'OPERATOR');
    expect(written).toHaveLength(outcomes.filter((outcome) => codeOf(outcome) === 'ok').length);
    expect(new Set(outcomes.map(codeOf)).size).toBeGreaterThan(1);
  });

  it('to a conversation that somebody holds wait by themselves, and are written in their order', async () => {
    const [free] = await addTalks(database, stage.world, 1);
    const holder = database.source.createQueryRunner();
    await holder.startTransaction();
    await holder.query('select from conversations where id = $1 for update', [visit.conversationId]);
    const held = Promise.all(numbersTo(20).map((at) => say(database, visit, `held ${at}`)));
    for (const at of numbersTo(5)) accepted(await say(database, free!, `free ${at}`));
    expect(await stage.messages()).toEqual([]);
    await holder.rollbackTransaction();
    await holder.release();
    for (const outcome of await held) accepted(outcome);
    expect((await stage.messages()).map(({ text }) => text)).toEqual(numbersTo(20).map((at) => `held ${at}`));
  });
});

describe('a batch whose connection is cut', () => {
  it('fails for those who were in it, writes nothing, and leaves the next one alone', async () => {
    const holder = database.source.createQueryRunner();
    await holder.startTransaction();
    await holder.query('select from conversations where id = $1 for update', [visit.conversationId]);
    // With lanes of its own, in which nobody was before: the first then goes alone.
    const own = { ...database };
    const sent = numbersTo(3).map((at) => say(own, visit, `text ${at}`, `nonce ${at}`));
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
      and wait_event_type = 'Lock' and query like '%for no key update'`;
    const failing = expect(sent[0]).rejects.toThrow(/terminat/);
    await until('the first one waits', async () => (await database.source.query<unknown[]>(cut)).length === 1);
    await failing;
    await holder.rollbackTransaction();
    await holder.release();
    for (const outcome of await Promise.all(sent.slice(1))) accepted(outcome);
    expect((await stage.messages()).map(({ text }) => text)).toEqual(['text 2', 'text 3']);
    // Nothing of it was written: it can be sent again.
    expect(accepted(await say(database, visit, 'text 1', 'nonce 1')).wasDuplicate).toBe(false);
  });
});

it('is busy for as long as a message is on its way', async () => {
  const own = { ...database };
  expect(sendLanesOf(own).isBusy).toBe(false);
  const sending = say(own, visit, 'on its way');
  expect(sendLanesOf(own).isBusy).toBe(true);
  accepted(await sending);
  await sendLanesOf(own).drain();
  expect(sendLanesOf(own).isBusy).toBe(false);
});

describe('stopping', () => {
  it('waits for every message that was taken', async () => {
    let settled = 0;
    await stage.closes('owner');
    const talks = [visit, ...(await addTalks(database, stage.world, 3))];
    // The closed one opens again, which takes another way.
    for (const at of numbersTo(40)) void say(database, talks[at % 4]!, `last ${at}`).finally(() => (settled += 1));
    await sendLanesOf(database).drain();
    expect(await database.source.query('select 1 from messages where text like $1', ['last %'])).toHaveLength(40);
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBe(40);
  });
});
