import { encodePublicId } from '../domain/public-id';
import type { CannedAnswer as CannedAnswerRow } from '../entities/canned-answer';
import { CannedAnswer } from '../schema/canned-answer';

export function presentCannedAnswer(row: CannedAnswerRow): CannedAnswer {
  return Object.assign(new CannedAnswer(), {
    id: encodePublicId('cannedAnswer', row.id),
    title: row.title,
    shortcut: row.shortcut,
    text: row.text,
    version: row.version,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    organizationRef: row.organizationId,
    workspaceRef: row.workspaceId,
  });
}
