import { PERMISSIONS } from '../domain/actor';
import { encodePublicId } from '../domain/public-id';
import type { User as UserRow } from '../entities/user';
import { User } from '../schema/user';
import { presenter } from './presenter';

export const presentUser = presenter<UserRow, User>(User, {
  id: ({ id }) => encodePublicId('user', id),
  displayName: ({ displayName }) => displayName,
  avatarUrl: ({ avatarUrl }) => avatarUrl,
  email: ({ email }) => email,
  locale: ({ locale }) => locale,
  workspaceRole: ({ workspaceRole }) => workspaceRole,
  // Staff hold every permission without any being stored.
  permissions: (row) => (row.workspaceRole === null ? [...row.permissions] : [...PERMISSIONS]),
  disabledAt: ({ disabledAt }) => disabledAt,
  createdAt: ({ createdAt }) => createdAt,
  userRef: ({ id }) => id,
  workspaceRef: ({ workspaceId }) => workspaceId,
  organizationRef: ({ organizationId }) => organizationId,
  isLimited: ({ limitedToAgents }) => limitedToAgents,
  isAvailable: ({ available }) => available,
});
