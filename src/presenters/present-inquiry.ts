import { encodePublicId } from '../domain/public-id';
import type { Inquiry as InquiryRow } from '../entities/inquiry';
import type { InquiryAnswer as InquiryAnswerRow } from '../entities/inquiry-answer';
import { Inquiry, InquiryAnswer } from '../schema/inquiry';
import { presentAttachments } from './present-attachment';

export function presentInquiry(row: InquiryRow): Inquiry {
  return Object.assign(new Inquiry(), {
    id: encodePublicId('inquiry', row.id),
    email: row.email,
    name: row.name,
    text: row.text,
    attachments: presentAttachments(row),
    state: row.state,
    // Events of an earlier version have neither.
    lastMessageAt: (row.lastMessageAt as Date | undefined) ?? row.createdAt,
    createdAt: row.createdAt,
    assigneeRef: (row.assigneeId as string | null | undefined) ?? null,
    inquiryRef: row.id,
    workspaceRef: row.workspaceId,
    conversationRef: row.conversationId,
    handoffRef: row.handoffId,
  });
}

export function presentInquiryAnswer(row: InquiryAnswerRow): InquiryAnswer {
  return Object.assign(new InquiryAnswer(), {
    id: encodePublicId('inquiryAnswer', row.id),
    text: row.text,
    createdAt: row.createdAt,
    inquiryAnswerRef: row.id,
    authorRef: row.authorUserId,
  });
}
