import { encodePublicId } from '../domain/public-id';
import type { Workspace as WorkspaceRow } from '../entities/workspace';
import { Workspace } from '../schema/workspace';

export function presentWorkspace(row: WorkspaceRow): Workspace {
  return Object.assign(new Workspace(), {
    id: encodePublicId('workspace', row.id),
    slug: row.slug,
    name: row.name,
    createdAt: row.createdAt,
    workspaceRef: row.id,
  });
}
