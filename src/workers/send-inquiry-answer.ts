import type { EntityManager } from 'typeorm';
import { read } from '../database/scope';
import type { BrandLayer } from '../domain/branding';
import { encodePublicId } from '../domain/public-id';
import { renderInquiryAnswerMail } from '../delivery/mail/inquiry-answer-mail';
import type { Delivery } from '../entities/delivery';
import { Conversation } from '../entities/conversation';
import { Inquiry } from '../entities/inquiry';
import { InquiryAnswer } from '../entities/inquiry-answer';
import { User } from '../entities/user';
import { Visitor } from '../entities/visitor';
import { type Letterhead, readLetterhead } from './read-letterhead';
import { sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** Mails an operator's answer to the visitor who left the inquiry. Nothing can make it unwanted: a person wrote it. */
export async function sendInquiryAnswer(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, serverBrand, catalogue } = dependencies;
  const found = await read(source, delivery, (manager) => readAnswer(manager, delivery, serverBrand));
  if (found === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { answer, inquiry, author, letterhead, visitorLocale } = found;
  const { brand } = letterhead;
  const replyTo = (await dependencies.openReplyAddress?.(inquiry)) ?? null;
  const rendered = renderInquiryAnswerMail({
    brand,
    texts: catalogue.textsFor(visitorLocale, letterhead.locale),
    visitorName: inquiry.name,
    inquiryText: inquiry.text,
    answerText: answer.text,
    answeredBy: author.displayName,
  });
  const draft = {
    ...{ ...rendered, brand, to: { name: inquiry.name ?? '', address: inquiry.email } },
    // Each answer to the same question, below each other.
    ...{ thread: encodePublicId('inquiry', inquiry.id), turnOffUrl: null, isAnswerable: true, automatic: false },
    replyTo,
  };
  return sendMail(delivery, draft, dependencies);
}

interface FoundAnswer {
  readonly answer: InquiryAnswer;
  readonly inquiry: Inquiry;
  readonly author: User;
  readonly letterhead: Letterhead;
  readonly visitorLocale: string | null;
}

async function readAnswer(
  manager: EntityManager,
  { inquiryAnswerId, workspaceId }: Delivery,
  server: BrandLayer,
): Promise<FoundAnswer | null> {
  const answer = await manager.findOneBy(InquiryAnswer, { id: inquiryAnswerId ?? '', workspaceId });
  if (answer === null) return null;
  const inquiry = await manager.findOneBy(Inquiry, { id: answer.inquiryId, workspaceId });
  // Erased between the two reads.
  if (inquiry === null) return null;
  const author = await manager.findOneByOrFail(User, { id: answer.authorUserId, workspaceId });
  const letterhead = await readLetterhead(manager, inquiry, server);
  return { answer, inquiry, author, letterhead, visitorLocale: await readVisitorLocale(manager, inquiry) };
}

async function readVisitorLocale(
  manager: EntityManager,
  { conversationId, workspaceId }: Inquiry,
): Promise<string | null> {
  const conversation = await manager.findOneBy(Conversation, { id: conversationId, workspaceId });
  const visitor = conversation && (await manager.findOneBy(Visitor, { id: conversation.visitorId, workspaceId }));
  return visitor?.locale ?? null;
}
