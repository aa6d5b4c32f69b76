import { encodePublicId } from '../domain/public-id';
import type { Visitor as VisitorRow } from '../entities/visitor';
import { Visitor } from '../schema/visitor';

export function presentVisitor(row: VisitorRow): Visitor {
  return Object.assign(new Visitor(), {
    id: encodePublicId('visitor', row.id),
    displayName: row.displayName,
    avatarUrl: null,
    email: row.email,
    isVerified: row.isVerified,
    locale: row.locale,
    createdAt: row.createdAt,
    visitorRef: row.id,
    workspaceRef: row.workspaceId,
    agentRef: row.agentId,
  });
}
