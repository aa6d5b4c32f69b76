import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { mayReadAuditLog } from '../domain/policies/audit-policy';
import { presentAuditEntry } from '../presenters/present-audit-entry';
import { presentPage } from '../presenters/present-page';
import { listAuditEntries } from '../queries/audit-log';
import type { ListOwner } from '../queries/lists';
import { AuditEntryConnection } from '../schema/connections';
import { Organization } from '../schema/organization';
import { AuditPageArgs } from '../schema/page-args';
import { Workspace } from '../schema/workspace';
import { forbiddenField } from './request-errors';
import { type RequestContext, signedIn } from './request-context';

@Resolver(() => Organization)
export class OrganizationAuditLog {
  @FieldResolver(() => AuditEntryConnection, {
    description:
      'Who did what in this organization, newest first: people, settings, agents and control of conversations. Needs MANAGE_ORGANIZATION.',
  })
  async auditLog(
    @Root() root: Organization,
    @Args(() => AuditPageArgs) args: AuditPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<AuditEntryConnection> {
    const owner = { workspaceId: root.workspaceRef, organizationId: root.organizationRef };
    if (!mayReadAuditLog(signedIn(context), owner)) {
      throw forbiddenField('You need the permission MANAGE_ORGANIZATION, and a key every scope.');
    }
    return readLog(context, { organizationId: root.organizationRef }, args);
  }
}

@Resolver(() => Workspace)
export class WorkspaceAuditLog {
  @FieldResolver(() => AuditEntryConnection, {
    description:
      'Who did what in the workspace and in every organization of it, newest first. API keys, staff and hosts of the workspace are in this log alone. Staff only.',
  })
  async auditLog(
    @Root() root: Workspace,
    @Args(() => AuditPageArgs) args: AuditPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<AuditEntryConnection> {
    if (!mayReadAuditLog(signedIn(context), { workspaceId: root.workspaceRef, organizationId: null })) {
      throw forbiddenField('Only staff of the workspace see this list, and keys with every scope.');
    }
    return readLog(context, { workspaceId: root.workspaceRef }, args);
  }
}

async function readLog(context: RequestContext, owner: ListOwner, args: AuditPageArgs): Promise<AuditEntryConnection> {
  const rows = await context.read((manager) => listAuditEntries(manager, owner, args.actions ?? null, args));
  return Object.assign(new AuditEntryConnection(), presentPage(rows, presentAuditEntry));
}
