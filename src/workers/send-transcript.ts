import { type EntityManager, In, LessThanOrEqual } from 'typeorm';
import { read } from '../database/scope';
import type { BrandLayer } from '../domain/branding';
import { encodePublicId } from '../domain/public-id';
import { NAMELESS_VISITOR } from '../domain/visitor-name';
import { MAX_TRANSCRIPT_ENTRIES, renderTranscriptMail, type TranscriptEntry } from '../delivery/mail/transcript-mail';
import { Agent } from '../entities/agent';
import { Conversation } from '../entities/conversation';
import type { Delivery } from '../entities/delivery';
import { Inquiry } from '../entities/inquiry';
import { Message } from '../entities/message';
import { Transcript } from '../entities/transcript';
import { User } from '../entities/user';
import { Visitor } from '../entities/visitor';
import { type Letterhead, readLetterhead } from './read-letterhead';
import { sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** Mails a transcript to the visitor: the messages alone, of which each attempt finds the same. Notes are none of them. */
export async function sendTranscript(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, serverBrand, catalogue } = dependencies;
  const found = await read(source, delivery, (manager) => readTranscript(manager, delivery, serverBrand));
  if (found === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { transcript, inquiry, entries, letterhead, visitorLocale } = found;
  const { brand, timeZone } = letterhead;
  const { email, name, conversationId, lastSequence, createdAt } = transcript;
  const replyTo = (inquiry && (await dependencies.openReplyAddress?.(inquiry))) ?? null;
  const rendered = renderTranscriptMail({
    ...{ brand, timeZone, entries, visitorName: name, count: lastSequence, at: createdAt },
    texts: catalogue.textsFor(visitorLocale, letterhead.locale),
  });
  const draft = {
    ...{ ...rendered, brand, to: { name: name ?? '', address: email } },
    ...{
      thread: encodePublicId('conversation', conversationId),
      turnOffUrl: null,
      isAnswerable: true,
      automatic: true,
    },
    replyTo,
  };
  return sendMail(delivery, draft, dependencies);
}

interface FoundTranscript {
  readonly transcript: Transcript;
  /** To which a reply from that address belongs. */
  readonly inquiry: Inquiry | null;
  readonly entries: readonly TranscriptEntry[];
  readonly letterhead: Letterhead;
  readonly visitorLocale: string | null;
}

async function readTranscript(
  manager: EntityManager,
  { transcriptId, workspaceId }: Delivery,
  server: BrandLayer,
): Promise<FoundTranscript | null> {
  const transcript = await manager.findOneBy(Transcript, { id: transcriptId ?? '', workspaceId });
  if (transcript === null) return null;
  const { conversationId, email } = transcript;
  const conversation = await manager.findOneBy(Conversation, { id: conversationId, workspaceId });
  const visitor = conversation && (await manager.findOneBy(Visitor, { id: conversation.visitorId, workspaceId }));
  // Erased between two reads.
  if (conversation === null || visitor === null) return null;
  const inquiry = await manager.findOne(Inquiry, {
    where: { conversationId, workspaceId, email },
    order: { id: 'DESC' },
  });
  return {
    ...{ transcript, inquiry, visitorLocale: visitor.locale },
    entries: await readEntries(manager, transcript, { visitor, agentId: conversation.agentId }),
    letterhead: await readLetterhead(manager, conversation, server),
  };
}

async function readEntries(
  manager: EntityManager,
  { workspaceId, conversationId, lastSequence }: Transcript,
  { visitor, agentId }: { readonly visitor: Visitor; readonly agentId: string },
): Promise<TranscriptEntry[]> {
  const messages = await manager.find(Message, {
    where: { conversationId, workspaceId, sequence: LessThanOrEqual(lastSequence) },
    order: { sequence: 'DESC' },
    take: MAX_TRANSCRIPT_ENTRIES,
  });
  const agent = await manager.findOneByOrFail(Agent, { id: agentId, workspaceId });
  const authorIds = messages.flatMap(({ authorUserId }) => authorUserId ?? []);
  const people = await manager.findBy(User, { id: In([...new Set(authorIds)]), workspaceId });
  const nameOf = ({ authorKind, authorUserId }: Message): string | null => {
    if (authorKind === 'AI') return agent.displayName;
    if (authorKind === 'OPERATOR') return people.find(({ id }) => id === authorUserId)?.displayName ?? null;
    return authorKind === 'SYSTEM' || visitor.displayName === NAMELESS_VISITOR ? null : visitor.displayName;
  };
  return messages.reverse().map((message) => ({ ...message, authorName: nameOf(message) }));
}
