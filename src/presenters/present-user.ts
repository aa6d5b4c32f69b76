import { PERMISSIONS } from '../domain/actor';
import { encodePublicId } from '../domain/public-id';
import type { User as UserRow } from '../entities/user';
import { User } from '../schema/user';

export function presentUser(row: UserRow): User {
  return Object.assign(new User(), {
    id: encodePublicId('user', row.id),
    displayName: row.displayName,
    avatarUrl: row.avatarUrl,
    email: row.email,
    locale: row.locale,
    workspaceRole: row.workspaceRole,
    // Staff hold every permission without any being stored.
    permissions: row.workspaceRole === null ? [...row.permissions] : [...PERMISSIONS],
    disabledAt: row.disabledAt,
    createdAt: row.createdAt,
    userRef: row.id,
    workspaceRef: row.workspaceId,
    organizationRef: row.organizationId,
    isLimited: row.limitedToAgents,
    isAvailable: row.available,
  });
}
