import type { Caller } from '../support/api-client';
import { type Payload, READ_CONVERSATION } from '../support/documents';
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
  HAND_BACK: (caller, { conversationId }) => caller.attempt('handBackToAi', { conversationId }),
  CLOSE: (caller, { conversationId }) => caller.attempt('closeConversation', { conversationId }),
  SUBMIT_INQUIRY: (caller, { conversationId }) =>
    caller.attempt('submitInquiry', { conversationId, email: 'v@example.com', text: 'x', idempotencyKey: 'x' }),
};

type Who = Exclude<Person, 'visitor' | 'agentKey'> | 'itsVisitor' | 'agentKey';
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
/** Whose actions depend on the agent's settings as well. */
const CONCERNED: readonly Who[] = ['itsVisitor', 'operator', 'agentKey'];
const NOT_SEEING: readonly Who[] = ['otherVisitor', 'otherMember'];

describe('viewerCan — says what the mutations do', () => {
  it('knows every action that the API has', async () => {
    const document = '{ __type(name: "ConversationAction") { enumValues { name } } }';
    const data = await scenes.silent.nobody.ask<{ __type: { enumValues: { name: string }[] } }>(document);
    expect(data.__type.enumValues.map(({ name }) => name).sort()).toEqual(Object.keys(ATTEMPTS).sort());
  });

  describe.each(Object.keys(PHASES))('in a conversation that is: %s', (phase) => {
    const isPlain = PHASES[phase]!.scene === 'silent';
    const scene = (): Scene => scenes[PHASES[phase]!.scene];
    const stage = async (): Promise<Stage> => {
      const visit = await scene().visit();
      return { ...visit, handoffId: await PHASES[phase]!.reach(scene(), visit) };
    };
    const callerOf = (who: Who, { visitor }: Stage): Caller => (who === 'itsVisitor' ? visitor : scene().people[who]);

    it.each(NOT_SEEING)('hides it from %s, and refuses every action as if it did not exist', async (who) => {
      const shared = await stage();
      const caller = callerOf(who, shared);
      expect(await caller.ask(READ_CONVERSATION, { id: shared.conversationId })).toEqual({ conversation: null });
      for (const attempt of Object.values(ATTEMPTS)) {
        const payload = await attempt(caller, shared, 1);
        if (payload !== null) expect(payload.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
      }
    });

    it.each(isPlain ? SEEING : CONCERNED)('lists for %s exactly what is not refused', async (who) => {
      const shared = await stage();
      const { viewerCan, controlEpoch } = await readConversation(callerOf(who, shared), shared.conversationId);
      for (const [action, attempt] of Object.entries(ATTEMPTS)) {
        if (viewerCan.includes(action)) continue;
        const payload = await attempt(callerOf(who, shared), shared, controlEpoch);
        // The one call that succeeds without being offered: the winner repeats it, and nothing changes.
        const isRetry = action === 'ACCEPT_HANDOFF' && who === 'operator' && payload?.handoff?.state === 'ACCEPTED';
        if (payload !== null && !isRetry) expect({ action, ...payload }).not.toMatchObject({ userErrors: [] });
      }
      const now = await readConversation(callerOf(who, shared), shared.conversationId);
      expect(now).toMatchObject({ controlEpoch, viewerCan });
      for (const action of viewerCan) {
        const own = await stage();
        const payload = await ATTEMPTS[action]!(callerOf(who, own), own, controlEpoch);
        expect({ action, ...payload }).toMatchObject({ action, userErrors: [] });
      }
    });
  });
});
