import { encodePublicId } from '../domain/public-id';
import type { Visitor as VisitorRow } from '../entities/visitor';
import { Visitor } from '../schema/visitor';
import { presenter } from './presenter';

export const presentVisitor = presenter<VisitorRow, Visitor>(Visitor, {
  id: ({ id }) => encodePublicId('visitor', id),
  displayName: ({ displayName }) => displayName,
  avatarUrl: () => null,
  email: ({ email }) => email,
  isVerified: ({ isVerified }) => isVerified,
  locale: ({ locale }) => locale,
  createdAt: ({ createdAt }) => createdAt,
  visitorRef: ({ id }) => id,
  workspaceRef: ({ workspaceId }) => workspaceId,
  agentRef: ({ agentId }) => agentId,
});
