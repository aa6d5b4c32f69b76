import type { EntityManager } from 'typeorm';
import { read } from '../database/scope';
import type { BrandLayer, ResolvedBrand } from '../domain/branding';
import { renderInquiryAnswerMail } from '../delivery/mail/inquiry-answer-mail';
import type { Delivery } from '../entities/delivery';
import { Inquiry } from '../entities/inquiry';
import { InquiryAnswer } from '../entities/inquiry-answer';
import { User } from '../entities/user';
import { readBrand } from './read-alert';
import { messageIdOf, sendMail } from './send-mail';
import type { SendDependencies, SendResult } from './send-result';

/** Mails an operator's answer to the visitor who left the inquiry. Nothing can make it unwanted: a person wrote it. */
export async function sendInquiryAnswer(delivery: Delivery, dependencies: SendDependencies): Promise<SendResult> {
  const { source, mail, mailFrom, serverBrand } = dependencies;
  const found = await read(source, delivery, (manager) => readAnswer(manager, delivery, serverBrand));
  if (found === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const { answer, inquiry, author, brand } = found;
  const replyTo = (await dependencies.openReplyAddress?.(inquiry)) ?? brand.supportEmail;
  const rendered = renderInquiryAnswerMail({
    brand,
    visitorName: inquiry.name,
    inquiryText: inquiry.text,
    answerText: answer.text,
    answeredBy: author.displayName,
  });
  return sendMail(mail, {
    ...rendered,
    messageId: messageIdOf(delivery.id, mailFrom),
    from: { name: brand.emailFromName, address: mailFrom },
    to: { name: inquiry.name ?? '', address: inquiry.email },
    ...(replyTo === null ? {} : { replyTo: { name: brand.displayName, address: replyTo } }),
  });
}

async function readAnswer(
  manager: EntityManager,
  { inquiryAnswerId, workspaceId }: Delivery,
  server: BrandLayer,
): Promise<{ answer: InquiryAnswer; inquiry: Inquiry; author: User; brand: ResolvedBrand } | null> {
  const answer = await manager.findOneBy(InquiryAnswer, { id: inquiryAnswerId ?? '', workspaceId });
  if (answer === null) return null;
  const inquiry = await manager.findOneBy(Inquiry, { id: answer.inquiryId, workspaceId });
  // Erased between the two reads.
  if (inquiry === null) return null;
  const author = await manager.findOneByOrFail(User, { id: answer.authorUserId, workspaceId });
  return { answer, inquiry, author, brand: await readBrand(manager, inquiry, server) };
}
