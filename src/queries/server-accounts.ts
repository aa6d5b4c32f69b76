import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import type { Permission, WorkspaceRole } from '../domain/actor';

/** For the person who runs the server: what the API never shows anybody across workspaces. */
export interface WorkspaceSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly organizations: number;
  readonly users: number;
  readonly createdAt: Date;
}

export interface AccountSummary {
  readonly id: string;
  readonly workspaceId: string;
  readonly workspaceSlug: string;
  readonly email: string;
  readonly displayName: string;
  /** Null for members. */
  readonly workspaceRole: WorkspaceRole | null;
  /** Slug of the member's organization; null for staff. */
  readonly organizationSlug: string | null;
  readonly permissions: readonly Permission[];
  readonly disabledAt: Date | null;
}

/** Every workspace, oldest first. */
export async function listWorkspaces(source: DataSource): Promise<WorkspaceSummary[]> {
  return read(source, SERVER, (manager) =>
    manager.query<WorkspaceSummary[]>(
      `select id, slug, name, created_at as "createdAt",
         (select count(*)::int from organizations where workspace_id = workspaces.id) as organizations,
         (select count(*)::int from users where workspace_id = workspaces.id) as users
       from workspaces order by id`,
    ),
  );
}

/** Accounts of the workspace with this slug, or of all; of one address (in any case), or of all. Oldest first. */
export async function listAccounts(
  source: DataSource,
  filter: { readonly workspace: string | null; readonly email: string | null },
): Promise<AccountSummary[]> {
  return read(source, SERVER, (manager) =>
    manager.query<AccountSummary[]>(
      `select users.id, users.workspace_id as "workspaceId", workspaces.slug as "workspaceSlug", users.email,
       users.display_name as "displayName", users.workspace_role as "workspaceRole",
       organizations.slug as "organizationSlug", users.permissions, users.disabled_at as "disabledAt"
     from users join workspaces on workspaces.id = users.workspace_id
     left join organizations on organizations.id = users.organization_id
     where ($1::text is null or workspaces.slug = $1) and ($2::text is null or lower(users.email) = lower($2))
     order by users.id`,
      [filter.workspace, filter.email],
    ),
  );
}
