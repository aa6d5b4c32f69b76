import { encodePublicId } from '../../src/domain/public-id';
import type { Caller } from '../support/api-client';
import type { SmtpInbox } from '../support/smtp-inbox';
import { eventually, type Scene } from './scene';

/** In every text that a visitor, or somebody who answers it, can write. */
export const MARK = 'zyxmark';

export interface MarkedVisitor {
  readonly visitor: Caller;
  readonly visitorId: string;
  readonly conversationId: string;
  readonly token: string;
  readonly resumeToken: string;
}

/** A visitor with a name, an address and a language of its own, and a conversation with one message. */
export async function marked(scene: Scene): Promise<MarkedVisitor> {
  const started = await scene.nobody.act('startVisitorSession', {
    agentPublicKey: scene.world.agent.publicKey,
    displayName: `Name ${MARK}`,
    email: `${MARK}@visitor.example`,
    locale: `en-x-${MARK}`,
  });
  const visitor = scene.nobody.as(started.visitorToken!);
  const { conversation } = await visitor.act('startConversation', { idempotencyKey: `key ${MARK}` });
  const conversationId = conversation!.id;
  await visitor.act('sendMessage', { conversationId, clientNonce: `nonce ${MARK}`, text: `Hello ${MARK}` });
  return {
    visitor,
    visitorId: started.visitor!.id,
    conversationId,
    token: started.visitorToken!,
    resumeToken: started.resumeToken!,
  };
}

/** Lets everything happen to the visitor that can be stored: replies, a handoff with a brief, an inquiry, mails. */
export async function liveThrough(
  scene: Scene,
  inbox: SmtpInbox,
  { visitor, conversationId }: MarkedVisitor,
): Promise<void> {
  const { operator, secondOperator, agentKey } = scene.people;
  // A mail server that repeats the address when it refuses it: the delivery keeps its words.
  inbox.failNext({ kind: 'reject', at: 'RCPT', code: 550, message: `no such user ${MARK}@visitor.example` });
  const inquiry = { conversationId, email: `${MARK}@visitor.example`, name: `Name ${MARK}`, text: `Question ${MARK}` };
  const left = await visitor.act('submitInquiry', { ...inquiry, idempotencyKey: `inquiry ${MARK}` });
  await settled(scene);
  const answered = { inquiryId: left.inquiry!.id, text: `Answer ${MARK}`, idempotencyKey: `answer ${MARK}` };
  await operator.act('answerInquiry', answered);
  await inbox.waitForMail((mail) => mail.envelope.to.includes(`${MARK}@visitor.example`));
  await operator.act('mailTranscript', { conversationId, idempotencyKey: `transcript ${MARK}` });
  const { handoff } = await visitor.act('requestHandoff', { conversationId, reason: `Reason ${MARK}` });
  await secondOperator.act('acceptHandoff', { handoffId: handoff!.id });
  await visitor.act('sendMessage', { conversationId, clientNonce: 'b', text: `Still there ${MARK}?` });
  await secondOperator.act('sendMessage', { conversationId, clientNonce: `own ${MARK}`, text: `To you, ${MARK}` });
  await visitor.act('markRead', { conversationId, upToSequence: 1 });
  await operator.act('transferHandoff', { handoffId: handoff!.id, toUserId: scene.ids.operator, note: `Note ${MARK}` });
  await secondOperator.act('handBackToAi', { conversationId, brief: `Brief ${MARK}` });
  const { message } = await visitor.act('sendMessage', { conversationId, clientNonce: 'c', text: `And now ${MARK}?` });
  const reply = { conversationId, clientNonce: `turn ${MARK}`, text: `Reply ${MARK}` };
  const { conversation } = await visitor.act('markRead', { conversationId, upToSequence: message!.sequence });
  await agentKey.act('postAgentReply', { ...reply, controlEpoch: conversation!.controlEpoch });
  await agentKey.act('requestHandoff', {
    conversationId,
    reason: `Asked ${MARK}`,
    summary: `Summary ${MARK}`,
    controlEpoch: conversation!.controlEpoch,
  });
  await settled(scene);
}

/** Everything is routed, and every delivery has ended. */
async function settled(scene: Scene): Promise<void> {
  await eventually(
    async () => {
      const [row] = await scene.api.source.query<{ open: string }[]>(
        `select (select count(*) from outbox) + (select count(*) from deliveries where state = 'PENDING')
           + (select log.position - c.position from event_log log, event_consumers c) as open`,
      );
      return Number(row!.open);
    },
    (open) => open === 0,
  );
}

/** The UUID that stands in the tables. */
export function uuidOf(publicId: string): string {
  const digits = publicId.slice(publicId.indexOf('_') + 1);
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** An id of the right form that names nobody. */
export function nobodysId(): string {
  return encodePublicId('visitor', '00000000-0000-7000-8000-000000000000');
}
