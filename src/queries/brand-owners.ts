import type { Read } from '../database/scope';
import type { BrandOwner } from '../domain/branding';
import { Organization } from '../entities/organization';
import { Workspace } from '../entities/workspace';

/** Whose brand counts: the organization, if any, and its workspace. */
export async function readBrandOwners(
  read: Read,
  workspaceId: string,
  organizationId: string | null,
): Promise<{ organization: BrandOwner | null; workspace: BrandOwner }> {
  return read(async (manager) => {
    const organization =
      organizationId === null
        ? null
        : await manager.findOne(Organization, { where: { id: organizationId, workspaceId } });
    return { organization, workspace: await manager.findOneOrFail(Workspace, { where: { id: workspaceId } }) };
  });
}
