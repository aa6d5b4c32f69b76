import { acceptHandoff } from '../../../src/commands/conversation/accept-handoff';
import { cancelHandoff } from '../../../src/commands/conversation/cancel-handoff';
import { closeConversation } from '../../../src/commands/conversation/close-conversation';
import { handBackToAi } from '../../../src/commands/conversation/hand-back-to-ai';
import { requestHandoff } from '../../../src/commands/conversation/request-handoff';
import { sendMessage } from '../../../src/commands/conversation/send-message';
import { takeOverConversation } from '../../../src/commands/conversation/take-over-conversation';
import { transferHandoff } from '../../../src/commands/conversation/transfer-handoff';
import { submitInquiry } from '../../../src/commands/inquiry/submit-inquiry';
import { answerTurn } from '../../../src/commands/turn/answer-turn';
import { failTurn } from '../../../src/commands/turn/fail-turn';
import { newId } from '../../../src/database/ids';
import type { Outcome } from '../../../src/domain/refusal';
import type { WhileWaiting } from '../../../src/domain/conversation/handoff-settings';
import type { Stage } from './stage';

export type Who = 'visitor' | 'operator' | 'secondOperator' | 'viewer' | 'otherMember' | 'otherVisitor';
export type Epoch = 'none' | 'current' | 'stale';

/** What somebody does next. `age` 0 is the newest handoff or turn of the conversation, 1 the one before. */
export type Step =
  | { readonly kind: 'says' | 'asks' | 'closes' | 'inquires'; readonly who: Who }
  | { readonly kind: 'replies' | 'aiAsks'; readonly epoch: Exclude<Epoch, 'none'> }
  | { readonly kind: 'answers' | 'fails'; readonly age: number }
  | { readonly kind: 'accepts' | 'cancels'; readonly who: Who; readonly age: number }
  | { readonly kind: 'takesOver'; readonly who: Who; readonly epoch: Epoch }
  | {
      readonly kind: 'transfers';
      readonly who: Who;
      readonly to: 'operator' | 'secondOperator' | 'viewer' | null;
      readonly epoch: Epoch;
    }
  | { readonly kind: 'handsBack'; readonly who: Who; readonly brief: string | null }
  | { readonly kind: 'deadline'; readonly over: boolean }
  | { readonly kind: 'settings'; readonly whileWaiting: WhileWaiting };

const codeOf = (outcome: Outcome<unknown>): string => outcome.refusals[0]?.code ?? 'ok';
const resultOf = (done: boolean): string => (done ? 'done' : 'nothing');

/** Does a step for real and returns the answer in the words of the model. */
export async function perform(stage: Stage, step: Step): Promise<string> {
  const { conversationId, world, database } = stage;
  const epochOf = async (epoch: string): Promise<number> =>
    (await stage.row()).controlEpoch - (epoch === 'stale' ? 1 : 0);
  const handoffOf = async (age: number): Promise<string> => (await stage.handoffs()).at(-1 - age)?.id ?? newId();
  switch (step.kind) {
    case 'says': {
      const input = { conversationId, clientNonce: newId(), text: 'text' };
      return codeOf(await sendMessage(database, world[step.who].principal, input));
    }
    case 'asks': {
      const input = { conversationId, reason: null, summary: null, controlEpoch: null };
      return codeOf(await requestHandoff(database, world[step.who].principal, input));
    }
    case 'inquires': {
      const input = { conversationId, email: 'v@example.com', name: null, text: 'question', idempotencyKey: newId() };
      return codeOf(await submitInquiry(database, world[step.who].principal, input));
    }
    case 'aiAsks':
      return codeOf(await stage.asks(await epochOf(step.epoch)));
    case 'replies':
      return codeOf(await stage.replies('reply', await epochOf(step.epoch)));
    case 'answers':
    case 'fails': {
      const turn = (await stage.turns()).at(-1 - step.age);
      if (turn === undefined) return 'nothing';
      return resultOf(await (step.kind === 'answers' ? answerTurn : failTurn)(database, turn, 'answer'));
    }
    case 'accepts':
    case 'cancels': {
      const command = step.kind === 'accepts' ? acceptHandoff : cancelHandoff;
      return codeOf(await command(database, world[step.who].principal, { handoffId: await handoffOf(step.age) }));
    }
    case 'deadline':
      return resultOf(await (step.over ? stage.deadlinePasses() : stage.expires(await stage.newestId())));
    case 'takesOver': {
      const expectedControlEpoch = step.epoch === 'none' ? null : await epochOf(step.epoch);
      const input = { conversationId, expectedControlEpoch };
      return codeOf(await takeOverConversation(database, world[step.who].principal, input));
    }
    case 'transfers': {
      const expectedControlEpoch = step.epoch === 'none' ? null : await epochOf(step.epoch);
      const toUserId = step.to && world[step.to].id;
      const input = { handoffId: await handoffOf(0), toUserId, note: null, expectedControlEpoch };
      return codeOf(await transferHandoff(database, world[step.who].principal, input));
    }
    case 'handsBack':
      return codeOf(await handBackToAi(database, world[step.who].principal, { conversationId, brief: step.brief }));
    case 'closes':
      return codeOf(await closeConversation(database, world[step.who].principal, { conversationId }));
    case 'settings':
      await stage.change({ whileWaiting: step.whileWaiting });
      return 'ok';
  }
}
