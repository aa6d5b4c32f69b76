import type { Caller, Subscribed } from '../support/api-client';
import {
  AGENT_TURNS,
  CONVERSATION_EVENTS,
  type EventView,
  HANDOFF_EVENTS,
  ORGANIZATION_EVENTS,
  WORKSPACE_EVENTS,
} from '../support/documents';
import { addScene, eventually, ready, type Scene, startScene, type Visit, write } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const NOTES = `query($id: ID!) { conversation(id: $id) { id notes(first: 50) { nodes { id text author { displayName }
  conversation { id } } pageInfo { hasNextPage } } } }`;
interface Noted {
  conversation: { notes: { nodes: { id: string; text: string; author: { displayName: string } }[] } | null } | null;
}

const note = async (who: Caller, { conversationId }: Visit, text: string): Promise<string> =>
  (await who.act('addNote', { conversationId, clientNonce: text, text })).note!.id;
const notesOf = async (who: Caller, { conversationId }: Visit): Promise<string[] | null> => {
  const data = await who.ask<Noted>(NOTES, { id: conversationId });
  return data.conversation?.notes?.nodes.map(({ text }) => text) ?? null;
};

describe('a note', () => {
  it('is written by nobody but an operator of the conversation, and not by somebody who is logged in as one', async () => {
    const { people, ids } = scene;
    const visit = await scene.visit();
    const input = { conversationId: visit.conversationId, clientNonce: 'n', text: 'psst' };
    for (const [who, code] of [
      [visit.visitor, 'FORBIDDEN'],
      [people.viewer, 'FORBIDDEN'],
      [people.agentKey, 'FORBIDDEN'],
      [people.staffKey, 'FORBIDDEN'],
      [people.otherVisitor, 'NOT_FOUND'],
      [people.otherMember, 'NOT_FOUND'],
    ] as const) {
      expect(await who.refusals('addNote', input)).toEqual([code]);
    }
    const { accessToken } = await people.owner.act('logInAs', { userId: ids.operator, reason: 'Ticket 7' });
    const disguised = scene.nobody.as(accessToken!);
    expect(await disguised.refusals('addNote', input)).toEqual(['FORBIDDEN']);
    const noteId = await note(people.operator, visit, 'Mine');
    expect(await disguised.refusals('deleteNote', { noteId })).toEqual(['FORBIDDEN']);
    expect(await notesOf(people.operator, visit)).toEqual(['Mine']);
  });

  it('is stored once for each nonce, and refused when it is blank or too long', async () => {
    const { operator, secondOperator } = scene.people;
    const visit = await scene.visit();
    const input = { conversationId: visit.conversationId, clientNonce: 'n', text: 'Calls back at five' };
    const first = await operator.act('addNote', input);
    expect((await operator.act('addNote', input)).note).toEqual(first.note);
    expect(await operator.refusals('addNote', { ...input, text: 'At six' })).toEqual(['IDEMPOTENCY_MISMATCH']);
    // Another author's nonce is another nonce.
    await secondOperator.act('addNote', { ...input, text: 'At six' });
    for (const text of [' ', 'x'.repeat(2001)]) {
      expect(await operator.refusals('addNote', { ...input, clientNonce: 'm', text })).toEqual(['INVALID']);
    }
    expect(await notesOf(operator, visit)).toEqual(['Calls back at five', 'At six']);
  });

  it('is shown to colleagues who read the conversation, and is null for its visitor and its AI', async () => {
    const { people } = scene;
    const visit = await scene.visit();
    await note(people.operator, visit, 'psst');
    for (const who of ['operator', 'viewer', 'limited', 'manager', 'owner', 'staffKey'] as const) {
      expect([who, await notesOf(people[who], visit)]).toEqual([who, ['psst']]);
    }
    for (const who of [visit.visitor, people.agentKey]) {
      const data = await who.ask<Noted>(NOTES, { id: visit.conversationId });
      expect(data).toEqual({ conversation: { id: visit.conversationId, notes: null } });
    }
  });

  it('is deleted by its author, or by who manages the organization, and by nobody else', async () => {
    const { people } = scene;
    const visit = await scene.visit();
    const [first, second] = [await note(people.operator, visit, 'One'), await note(people.operator, visit, 'Two')];
    for (const who of [people.secondOperator, people.viewer]) {
      expect(await who.refusals('deleteNote', { noteId: first })).toEqual(['FORBIDDEN']);
    }
    for (const who of [visit.visitor, people.agentKey, people.otherMember]) {
      expect(await who.refusals('deleteNote', { noteId: first })).toEqual(['NOT_FOUND']);
    }
    expect((await people.operator.act('deleteNote', { noteId: first })).deletedNoteId).toBe(first);
    expect((await people.manager.act('deleteNote', { noteId: second })).deletedNoteId).toBe(second);
    expect(await people.operator.refusals('deleteNote', { noteId: first })).toEqual(['NOT_FOUND']);
    expect(await notesOf(people.operator, visit)).toEqual([]);
  });

  it('that was deleted is in no stream any more, also for who resumes from before it', async () => {
    const { people } = scene;
    const visit = await scene.visit();
    const { conversationId } = visit;
    const feed = await ready(people.operator.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId }));
    const noteId = await note(people.operator, visit, 'the password is swordfish');
    await feed.waitFor((item) => item.note?.id === noteId);
    await people.operator.act('deleteNote', { noteId });
    const removed = await feed.waitFor((item) => item.__typename === 'NoteRemoved');
    expect(removed).toMatchObject({ noteId, conversationId });
    const after = feed.items[0]!.cursor;
    // Somebody of other rights: not out of the memory of the first one's group.
    const late = people.owner.subscribe<EventView>(CONVERSATION_EVENTS, { id: conversationId, after });
    await late.waitFor((item) => item.__typename === 'NoteRemoved');
    expect(late.items[0]).toMatchObject({ recovered: true, replayed: 1 });
    expect(JSON.stringify(late.items)).not.toContain('swordfish');
    const found = await scene.api.source.query<unknown[]>(
      `select from events where snapshot::text like '%swordfish%' union all select from notes where text like '%swordfish%'`,
    );
    expect(found).toEqual([]);
    await Promise.all([feed.stop(), late.stop()]);
  });
});

describe('whatever happens in a conversation', () => {
  const MARK = 'noted-for-colleagues';

  /** Numbers that only look random: a failure can be repeated. */
  function* numbers(seed: number): Generator<number, never> {
    for (let state = seed; ;) {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      // The lower bits repeat after a few.
      yield Math.floor(state / 65_536);
    }
  }

  it('notes reach every stream of colleagues, and no stream and no root of the visitor, of the AI or of others', async () => {
    const own = await addScene(scene.api, { agent: { responderKind: 'API' } });
    const { people, ids } = own;
    const visit = await own.visit();
    const { conversationId, visitor } = visit;
    type Watch = readonly [Caller, string, string];
    const outside: Watch[] = [
      [visitor, CONVERSATION_EVENTS, conversationId],
      [people.agentKey, CONVERSATION_EVENTS, conversationId],
      [people.operator, HANDOFF_EVENTS, ids.organization],
      [people.otherMember, ORGANIZATION_EVENTS, ids.otherOrganization],
    ];
    const inside: Watch[] = [
      [people.operator, CONVERSATION_EVENTS, conversationId],
      [people.secondOperator, CONVERSATION_EVENTS, conversationId],
      [people.viewer, CONVERSATION_EVENTS, conversationId],
      [people.limited, ORGANIZATION_EVENTS, ids.organization],
      [people.owner, WORKSPACE_EVENTS, ids.workspace],
      [people.staffKey, CONVERSATION_EVENTS, conversationId],
    ];
    const open = ([who, document, id]: Watch, after?: string) =>
      who.subscribe<EventView>(document, { id, ...(after === undefined ? {} : { after }) });
    const feeds = await Promise.all([...outside, ...inside].map((watch) => ready(open(watch))));
    const turns = people.agentKey.subscribe<object>(AGENT_TURNS, { id: ids.agent });

    const random = numbers(7);
    const written = new Set<string>();
    const steps = [
      async (n: number) => void written.add(await note(people.operator, visit, `${MARK} ${n}`)),
      async (n: number) => void written.add(await note(people.secondOperator, visit, `${MARK} ${n}`)),
      (n: number) => visitor.attempt('sendMessage', { conversationId, clientNonce: `v${n}`, text: `Hello ${n}` }),
      () => visitor.attempt('requestHandoff', { conversationId }),
      () => people.operator.attempt('takeOverConversation', { conversationId }),
      () => people.operator.attempt('handBackToAi', { conversationId, brief: 'Brief' }),
      async (n: number) => {
        const { handoff } = await people.operator.attempt('takeOverConversation', { conversationId });
        const words = `${MARK} transfer ${n}`;
        if (handoff) await people.operator.attempt('transferHandoff', { handoffId: handoff.id, note: words });
      },
      async () => {
        const [noteId] = written;
        if (noteId !== undefined) await people.manager.attempt('deleteNote', { noteId });
        written.delete(noteId ?? '');
      },
    ];
    for (let n = 0; n < 60; n += 1) await steps[random.next().value % steps.length]!(n);
    await people.operator.attempt('takeOverConversation', { conversationId });
    await people.operator.attempt('handBackToAi', { conversationId, brief: 'Brief' });
    const last = await write(visitor, conversationId, 'The end');
    const isOver = (item: EventView): boolean => item.message?.id === last.id;

    const check = async (feed: Subscribed<EventView>, [, document]: Watch, isInside: boolean): Promise<void> => {
      if (document === CONVERSATION_EVENTS || isInside) await feed.waitFor(isOver);
      const notes = feed.items.filter(({ __typename }) => __typename.startsWith('Note'));
      expect([document, notes.length > 0]).toEqual([document, isInside]);
      expect(JSON.stringify(feed.items).includes(MARK)).toBe(isInside);
    };
    for (const [index, watch] of [...outside, ...inside].entries()) {
      const feed = feeds[index]!;
      await check(feed, watch, index >= outside.length);
      // Once more from the beginning, by whoever was away all the while.
      const again = await ready(open(watch, feed.items[0]!.cursor));
      expect(again.items[0]).toMatchObject({ recovered: true });
      await check(again, watch, index >= outside.length);
      await again.stop();
      await feed.stop();
    }
    await eventually(
      () => Promise.resolve(turns.items.length),
      (length) => length > 0,
    );
    expect(JSON.stringify(turns.items)).not.toContain(MARK);
    await turns.stop();
    for (const who of [visitor, people.agentKey]) {
      expect(JSON.stringify(await who.ask(NOTES, { id: conversationId }))).not.toContain(MARK);
      expect(JSON.stringify(await who.attempt('exportVisitor', { visitorId: visit.visitorId }))).not.toContain(MARK);
    }
  });

  it('operators of equal rights share an execution in which notes are shown, and nobody else with them', async () => {
    const { streams } = scene.api;
    const { people } = scene;
    const visit = await scene.visit();
    const document = `subscription($id: ID!) { conversationEvents(conversationId: $id) { __typename
      ... on MessageAdded { message { sequence conversation { notes(first: 9) { nodes { text } } } } }
      ... on NoteAdded { note { text author { displayName } } } } }`;
    const callers = [people.operator, people.secondOperator, visit.visitor, people.agentKey];
    const before = streams.size;
    const feeds = await Promise.all(
      callers.map((who) => ready(who.subscribe<EventView>(document, { id: visit.conversationId }))),
    );
    expect(streams.size - before).toBe(3);
    await note(people.operator, visit, 'psst');
    await write(visit.visitor, visit.conversationId, 'Hello');
    await Promise.all(feeds.map((feed) => feed.waitFor((item) => item.message?.sequence === 1)));
    const sees = feeds.map((feed) => JSON.stringify(feed.items).split('psst').length - 1);
    expect(sees).toEqual([2, 2, 0, 0]);
    await Promise.all(feeds.map((feed) => feed.stop()));
  });
});
