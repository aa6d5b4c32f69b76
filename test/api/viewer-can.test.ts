import type { Caller } from '../support/api-client';
import { type ConversationView, READ_CONVERSATION } from '../support/documents';
import type { Payload } from '../support/mutation-documents';
import { addScene, type Person, readConversation, request, type Scene, startScene, type Visit, write } from './scene';

let scenes: Record<'silent' | 'answering' | 'disabled' | 'offline', Scene>;
beforeAll(async () => {
  const silent = await startScene({ withWorker: false });
  scenes = {
    silent,
    answering: await addScene(silent.api, { agent: { whileWaiting: 'AI_ANSWERS' } }),
    disabled: await addScene(silent.api, { agent: { handoffEnabled: false } }),
    offline: await addScene(silent.api, { agent: { offerWhenOffline: false, aiMayRequest: false } }),
  };
});
afterAll(() => scenes.silent.api.stop());

/** A conversation in some phase, with the handoff that it had last. */
interface Stage extends Visit {
  readonly handoffId: string | null;
}

/** What leads a new conversation into a phase. `operator` is the one who has it where a person has it. */
const PHASES: Record<
  string,
  { scene: keyof typeof scenes; reach: (scene: Scene, visit: Visit) => Promise<string | null> }
> = {
  new: { scene: 'silent', reach: () => Promise.resolve(null) },
  'handoff switched off': { scene: 'disabled', reach: () => Promise.resolve(null) },
  'nobody online': { scene: 'offline', reach: () => Promise.resolve(null) },
  'requested, AI silent': { scene: 'silent', reach: (_scene, visit) => request(visit) },
  'requested, AI answering': { scene: 'answering', reach: (_scene, visit) => request(visit) },
  cancelled: {
    scene: 'silent',
    reach: async (_scene, visit) => {
      const handoffId = await request(visit);
      await visit.visitor.act('cancelHandoff', { handoffId });
      return handoffId;
    },
  },
  accepted: { scene: 'silent', reach: takeOver },
  'taken over though handoff is switched off': { scene: 'disabled', reach: takeOver },
  'handed back': {
    scene: 'silent',
    reach: async (scene, visit) => {
      const handoffId = await takeOver(scene, visit);
      await scene.people.operator.act('handBackToAi', { conversationId: visit.conversationId });
      return handoffId;
    },
  },
  closed: {
    scene: 'silent',
    reach: async (scene, visit) => {
      const handoffId = await takeOver(scene, visit);
      await scene.people.operator.act('closeConversation', { conversationId: visit.conversationId });
      return handoffId;
    },
  },
  'closed and opened again': {
    scene: 'silent',
    reach: async (scene, visit) => {
      await scene.people.operator.act('closeConversation', { conversationId: visit.conversationId });
      await write(visit.visitor, visit.conversationId, 'Me again');
      return null;
    },
  },
};

async function takeOver(scene: Scene, { conversationId }: Visit): Promise<string> {
  const { handoff } = await scene.people.operator.act('takeOverConversation', { conversationId });
  return handoff!.id;
}

/** Every action of the API with the mutation that does it; null: there is no handoff that it could name. */
const ATTEMPTS: Record<string, (caller: Caller, stage: Stage, epoch: number) => Promise<Payload> | null> = {
  SEND_MESSAGE: (caller, { conversationId }) =>
    caller.attempt('sendMessage', { conversationId, clientNonce: 'x', text: 'x' }),
  REQUEST_HANDOFF: (caller, { conversationId }, controlEpoch) =>
    caller.attempt('requestHandoff', { conversationId, controlEpoch }),
  CANCEL_HANDOFF: (caller, { handoffId }) =>
    handoffId === null ? null : caller.attempt('cancelHandoff', { handoffId }),
  ACCEPT_HANDOFF: (caller, { handoffId }) =>
    handoffId === null ? null : caller.attempt('acceptHandoff', { handoffId }),
  TAKE_OVER: (caller, { conversationId }) => caller.attempt('takeOverConversation', { conversationId }),
  TRANSFER: (caller, { handoffId }) =>
    handoffId === null ? null : caller.attempt('transferHandoff', { handoffId, toUserId: null }),
  HAND_BACK: (caller, { conversationId }) => caller.attempt('handBackToAi', { conversationId }),
  CLOSE: (caller, { conversationId }) => caller.attempt('closeConversation', { conversationId }),
  SUBMIT_INQUIRY: (caller, { conversationId }) =>
    caller.attempt('submitInquiry', { conversationId, email: 'v@example.com', text: 'x', idempotencyKey: 'x' }),
};

type Who = Exclude<Person, 'visitor'> | 'itsVisitor';
const SEEING: readonly Who[] = [
  'itsVisitor',
  'operator',
  'secondOperator',
  'limited',
  'viewer',
  'owner',
  'agentKey',
  'staffKey',
];
/** One in each phase of the table; the others differ in what led there, which is no matter of who asks. */
const MAIN_PHASES = ['new', 'requested, AI silent', 'accepted', 'closed'];
const CONCERNED: readonly Who[] = ['itsVisitor', 'operator', 'agentKey'];
const NOT_SEEING = ['otherVisitor', 'otherMember'] as const;

describe('viewerCan — says what the mutations do', () => {
  it('knows every action that the API has', async () => {
    const document = '{ __type(name: "ConversationAction") { enumValues { name } } }';
    const data = await scenes.silent.nobody.ask<{ __type: { enumValues: { name: string }[] } }>(document);
    expect(data.__type.enumValues.map(({ name }) => name).sort()).toEqual(Object.keys(ATTEMPTS).sort());
  });

  describe.each(Object.keys(PHASES))('in a conversation that is: %s', (phase) => {
    const isMain = MAIN_PHASES.includes(phase);
    const scene = (): Scene => scenes[PHASES[phase]!.scene];
    const stage = async (): Promise<Stage> => {
      const visit = await scene().visit();
      return { ...visit, handoffId: await PHASES[phase]!.reach(scene(), visit) };
    };
    const callerOf = (who: Who, { visitor }: Stage): Caller => (who === 'itsVisitor' ? visitor : scene().people[who]);

    it.each(isMain ? SEEING : CONCERNED)('lists for %s exactly what is not refused', async (who) => {
      const shared = await stage();
      const { viewerCan, controlEpoch } = await readConversation(callerOf(who, shared), shared.conversationId);
      const unlisted = Object.entries(ATTEMPTS).filter(([action]) => !viewerCan.includes(action));
      await Promise.all(
        unlisted.map(async ([action, attempt]) => {
          const payload = await attempt(callerOf(who, shared), shared, controlEpoch);
          // The one call that succeeds without being offered: the winner repeats it, and nothing changes.
          const isRetry = action === 'ACCEPT_HANDOFF' && who === 'operator' && payload?.handoff?.state === 'ACCEPTED';
          if (payload !== null && !isRetry) expect({ action, ...payload }).not.toMatchObject({ userErrors: [] });
        }),
      );
      const now = await readConversation(callerOf(who, shared), shared.conversationId);
      expect(now).toMatchObject({ controlEpoch, viewerCan });
      await Promise.all(
        viewerCan.map(async (action) => {
          const own = await stage();
          const payload = await ATTEMPTS[action]!(callerOf(who, own), own, controlEpoch);
          expect({ action, ...payload }).toMatchObject({ action, userErrors: [] });
        }),
      );
    });
  });

  it.each(NOT_SEEING)('does not exist for %s, who is refused every action as for no conversation', async (who) => {
    const scene = scenes.silent;
    const visit = await scene.visit();
    const shared = { ...visit, handoffId: await request(visit) };
    const caller = scene.people[who];
    expect(await caller.ask(READ_CONVERSATION, { id: shared.conversationId })).toEqual({ conversation: null });
    for (const attempt of Object.values(ATTEMPTS)) {
      expect((await attempt(caller, shared, 1))?.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
    }
  });
});

describe('promise 13 — operators see every conversation they may handle, waiting ones first', () => {
  const LIST = `query($id: ID!) { organization(id: $id) { conversations(first: 100) {
    totalCount nodes { id waitingSince unreadCount } } } }`;
  interface Listed {
    organization: { conversations: { totalCount: number; nodes: Pick<ConversationView, 'id' | 'waitingSince'>[] } };
  }

  it('refuses a visitor, hides other agents from a limited member, and sorts by urgency', async () => {
    const own = await addScene(scenes.silent.api);
    const { people, ids, world } = own;
    const list = async (reader: Caller): Promise<string[]> => {
      const data = await reader.ask<Listed>(LIST, { id: ids.organization });
      expect(data.organization.conversations.totalCount).toBe(data.organization.conversations.nodes.length);
      return data.organization.conversations.nodes.map((conversation) => conversation.id);
    };
    const visits = await Promise.all(Array.from({ length: 4 }, () => own.visit()));
    const [quiet, unread, waiting, longest] = visits as [Visit, Visit, Visit, Visit];
    const second = await own.visit(world.secondAgent);
    await request(longest);
    await request(waiting);
    await write(unread.visitor, unread.conversationId, 'Hello');
    await write(quiet.visitor, quiet.conversationId, 'Hello');
    await people.operator.act('markRead', { conversationId: quiet.conversationId, upToSequence: 1 });

    expect(await quiet.visitor.ask(LIST, { id: ids.organization })).toEqual({ organization: null });
    const order = [longest, waiting, unread].map((visit) => visit.conversationId);
    expect((await list(people.operator)).slice(0, 3)).toEqual(order);
    expect(await list(people.operator)).toEqual(
      expect.arrayContaining([quiet, second].map((visit) => visit.conversationId)),
    );
    expect(await list(people.limited)).not.toContain(second.conversationId);
    expect(await list(people.limited)).toHaveLength((await list(people.operator)).length - 1);
  });
});
