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
  const { workspaceId } = delivery;
  const answer = await source.manager.findOneBy(InquiryAnswer, { id: delivery.inquiryAnswerId ?? '', workspaceId });
  if (answer === null) return { state: 'SKIPPED', detail: 'ENDED' };
  const [inquiry, author] = await Promise.all([
    source.manager.findOneByOrFail(Inquiry, { id: answer.inquiryId, workspaceId }),
    source.manager.findOneByOrFail(User, { id: answer.authorUserId, workspaceId }),
  ]);
  const brand = await readBrand(source, inquiry, serverBrand);
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
    ...(brand.supportEmail === null ? {} : { replyTo: { name: brand.displayName, address: brand.supportEmail } }),
  });
}
