import type { EntityManager } from 'typeorm';
import type { BrandOwner } from '../domain/branding';
import { Organization } from '../entities/organization';
import { Workspace } from '../entities/workspace';

/** Whose brand counts: the organization, if any, and its workspace. */
export async function readBrandOwners(
  manager: EntityManager,
  workspaceId: string,
  organizationId: string | null,
): Promise<{ organization: BrandOwner | null; workspace: BrandOwner }> {
  const [organization, workspace] = await Promise.all([
    organizationId === null ? null : manager.findOne(Organization, { where: { id: organizationId, workspaceId } }),
    manager.findOneOrFail(Workspace, { where: { id: workspaceId } }),
  ]);
  return { organization, workspace };
}
