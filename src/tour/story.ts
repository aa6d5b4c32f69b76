import { randomUUID } from 'node:crypto';
import { ACCEPT_HANDOFF, CREATE_API_KEY, HAND_BACK, POST_AGENT_REPLY, REVOKE_API_KEY, SEND_MESSAGE } from './documents';
import type { DemoFile } from './demo-file';
import type { Handoff, HandoffChanged } from './items';
import { mailOf } from './mail';
import type { Narrator } from './narrator';
import { Person, type UserError } from './person';
import type { Operator, Stage } from './stage';
import { TourError } from './tour-error';

interface Refusable {
  readonly handoff: Handoff | null;
  readonly userErrors: readonly UserError[];
}

/** The AI answers, and then asks for a person because the visitor wants one. */
export async function question({ chat, visitor, conversationId, agentName }: Stage, narrator: Narrator): Promise<void> {
  narrator.scene('A question, and the AI answers');
  await write(visitor, conversationId, 'Hello! I have a question about my order.');
  await chat.hear('VISITOR');
  await chat.hearStreamed(agentName);
}

/** @returns the request, as the operators' feeds show it */
export async function request(stage: Stage, narrator: Narrator): Promise<Handoff> {
  const { chat, visitor, conversationId, operators, agentName } = stage;
  narrator.scene('The visitor wants a person');
  await write(visitor, conversationId, 'It is number 4711. But please let me talk to a person.');
  await chat.hear('VISITOR');
  await chat.hear('SYSTEM');
  await chat.untilControl('NONE');
  const [handoff] = await Promise.all(operators.map((operator) => ring(operator, conversationId)));
  if (handoff === undefined) throw new TourError('an operator should see the request, but nobody did');
  narrator.note(`${agentName} asked for a person (requested by ${handoff.origin}: ${handoff.reason ?? ''})`);
  narrator.note('control: NONE. Nobody answers until an operator accepts or the deadline comes');
  for (const { person, email, notifications } of operators) {
    const alert = await notifications.next(
      `${person.name} gets an entry under the bell`,
      (item) => item.conversation?.id === conversationId,
    );
    const mail = await mailOf(person, conversationId);
    narrator.note(`rings for ${person.name}: “${alert.title}”`);
    narrator.note(`e-mail to ${email}: SENT, ${mail}`);
  }
  await write(visitor, conversationId, 'I am in a bit of a hurry.');
  await chat.hear('VISITOR');
  return handoff;
}

/** Both accept at the same instant. */
export async function race(stage: Stage, handoff: Handoff, narrator: Narrator): Promise<Operator> {
  narrator.scene('Both operators accept at the same instant');
  const answers = await Promise.all(
    stage.operators.map(async (operator) => ({
      operator,
      payload: await operator.person.ask<Refusable>(ACCEPT_HANDOFF, { input: { handoffId: handoff.id } }),
    })),
  );
  const won = answers.filter(({ payload }) => payload.userErrors.length === 0);
  const lost = answers.filter(({ payload }) => payload.userErrors[0]?.code === 'ALREADY_CLAIMED');
  const [winner] = won;
  if (winner === undefined || won.length !== 1 || lost.length !== 1) {
    throw new TourError(`one operator should win and one be told ALREADY_CLAIMED, but ${won.length} won`);
  }
  for (const { operator, payload } of answers) {
    const named = payload.handoff?.acceptedBy?.displayName;
    if (named !== winner.operator.person.name) {
      throw new TourError(
        `${operator.person.name} should be told who has the conversation, but was told ${named ?? 'nobody'}`,
      );
    }
    const { name, tone } = operator.person;
    const isWinner = operator === winner.operator;
    narrator.say(name, tone, isWinner ? 'wins' : `is refused: ALREADY_CLAIMED, by ${named}`, '(acceptHandoff)');
  }
  await stage.chat.hear('SYSTEM');
  await stage.chat.untilControl('HUMAN');
  narrator.note('control: HUMAN. From this commit on no message of the AI enters the conversation');
  return winner.operator;
}

/** Person and visitor talk; what the AI began before comes too late. */
export async function person(stage: Stage, winner: Operator, demo: DemoFile, narrator: Narrator): Promise<void> {
  const { chat, visitor, conversationId, firstEpoch, agentName } = stage;
  narrator.scene('A person answers, and the AI is silent');
  await write(
    winner.person,
    conversationId,
    'Hello Vera, order 4711 left us this morning. It arrives tomorrow before noon.',
  );
  await chat.hear('OPERATOR');
  await write(visitor, conversationId, 'Can it go to my office instead?');
  await chat.hear('VISITOR');
  const refusal = await replyTooLate(stage.owner, demo, { conversationId, controlEpoch: firstEpoch });
  narrator.say(agentName, 'agent', 'tries to post a reply that it began before:', '(postAgentReply)');
  narrator.note(`refused with ${refusal.code}: ${refusal.message}`);
  await write(winner.person, conversationId, 'Done, it goes to your office.');
  await chat.hear('OPERATOR');
}

/** The conversation goes back, and the AI knows what happened. */
export async function handBack(stage: Stage, winner: Operator, handoff: Handoff, narrator: Narrator): Promise<void> {
  const { chat, visitor, conversationId, agentName } = stage;
  narrator.scene('Back to the AI, with a brief');
  const brief = 'Order 4711 goes to her office and arrives tomorrow before noon.';
  await winner.person.act(HAND_BACK, { conversationId, brief });
  await chat.hear('SYSTEM');
  await chat.untilControl('AI');
  narrator.note(`control: AI. ${winner.person.name} left it a brief: “${brief}”`);
  await winner.handoffs.next('the feeds tell of the hand-back', ofHandoff(handoff.id, 'RETURNED'));
  await write(visitor, conversationId, 'Thank you! So it comes tomorrow?');
  await chat.hear('VISITOR');
  const reply = await chat.hearStreamed(agentName);
  if (!reply.text.includes(brief)) throw new TourError(`the AI should know the brief, but said: ${reply.text}`);
}

async function ring({ person: { name }, handoffs }: Operator, conversationId: string): Promise<Handoff> {
  const { handoff } = await handoffs.next(
    `the dashboard of ${name} rings`,
    (item): item is HandoffChanged =>
      item.__typename === 'HandoffChanged' && item.handoff.conversation.id === conversationId,
  );
  return handoff;
}

function ofHandoff(id: string, state: string): (item: { __typename: string }) => item is HandoffChanged {
  return (item): item is HandoffChanged => {
    const { handoff } = item as Partial<HandoffChanged>;
    return handoff?.id === id && handoff.state === state;
  };
}

async function write(author: Person, conversationId: string, text: string): Promise<void> {
  await author.act(SEND_MESSAGE, { conversationId, clientNonce: randomUUID(), text });
}

/** Plays an AI runtime with a key of its own that answers with the epoch of its first turn. */
async function replyTooLate(
  owner: Person,
  demo: DemoFile,
  turn: { conversationId: string; controlEpoch: number },
): Promise<UserError> {
  const { secret, apiKey } = await owner.act<{ secret: string; apiKey: { id: string } }>(CREATE_API_KEY, {
    workspaceId: demo.workspaceId,
    agentId: demo.agentId,
    name: 'npm run tour',
  });
  const runtime = new Person('The AI runtime', 'agent', demo.graphqlUrl, secret);
  const input = { ...turn, clientNonce: randomUUID(), text: 'Here is what I wanted to say a minute ago.' };
  const { userErrors } = await runtime.ask<Refusable>(POST_AGENT_REPLY, { input });
  await owner.act(REVOKE_API_KEY, { id: apiKey.id });
  const [refusal] = userErrors;
  if (refusal?.code === 'STALE_CONTROL_EPOCH') return refusal;
  throw new TourError(
    `a late reply of the AI should be refused with STALE_CONTROL_EPOCH, but got ${refusal?.code ?? 'through'}`,
  );
}
