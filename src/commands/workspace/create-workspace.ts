import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { transact, violatedUnique } from '../../database/transact';
import { changesOf, SERVER_OPERATOR } from '../../domain/audit';
import { done, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { checkEmail } from '../../domain/validation/email';
import { checkName } from '../../domain/validation/name';
import { checkPassword } from '../../domain/validation/password';
import { checkSlug } from '../../domain/validation/slug';
import { User } from '../../entities/user';
import { Workspace } from '../../entities/workspace';
import type { PasswordHasher } from '../../identity/password-hasher';
import { audit } from '../audit/audit';

export interface CreateWorkspace {
  readonly slug: string;
  readonly name: string;
  readonly ownerEmail: string;
  readonly ownerName: string;
  readonly ownerPassword: string;
}

export interface CreatedWorkspace {
  readonly workspace: Workspace;
  readonly owner: User;
}

/**
 * Makes a partner's account with its first owner. For the person who runs the server: there is no principal, and no
 * way here through the API. CONFLICT: another workspace has the slug.
 */
export async function createWorkspace(
  database: Database,
  input: CreateWorkspace,
  dependencies: { readonly passwords: PasswordHasher },
): Promise<Outcome<CreatedWorkspace>> {
  const invalid = checkInput(input);
  if (invalid.length > 0) return refused(invalid);
  const passwordHash = await dependencies.passwords.hash(input.ownerPassword);
  try {
    return done(await insert(database, input, passwordHash));
  } catch (error) {
    if (violatedUnique(error) !== 'workspaces_slug_key') throw error;
    return refused(refusal('CONFLICT', `There is already a workspace with the slug ${input.slug}.`, 'slug'));
  }
}

function checkInput(input: CreateWorkspace): Refusal[] {
  return [
    ...checkSlug(input.slug, 'slug'),
    ...checkName(input.name, 'name'),
    ...checkEmail(input.ownerEmail, 'ownerEmail'),
    ...checkName(input.ownerName, 'ownerName'),
    ...checkPassword(input.ownerPassword, 'ownerPassword'),
  ];
}

async function insert(database: Database, input: CreateWorkspace, passwordHash: string): Promise<CreatedWorkspace> {
  const id = newId();
  return transact(database, { workspaceId: id }, async (transaction) => {
    const createdAt = await transaction.now();
    const workspace: Workspace = { id, slug: input.slug, name: input.name.trim(), branding: {}, createdAt };
    await transaction.manager.insert(Workspace, workspace);
    const owner = await transaction.rows(User, workspace.id).insert({
      id: newId(),
      organizationId: null,
      workspaceRole: 'OWNER',
      email: input.ownerEmail.trim(),
      displayName: input.ownerName.trim(),
      avatarUrl: null,
      locale: null,
      passwordHash,
      permissions: [],
      limitedToAgents: false,
      available: true,
      lastActiveAt: null,
      disabledAt: null,
      createdAt,
    });
    const subject = { id: workspace.id, workspaceId: workspace.id, organizationId: null };
    const changes = changesOf({}, { slug: workspace.slug, name: workspace.name });
    await audit(transaction, SERVER_OPERATOR, 'WORKSPACE_CREATED', subject, changes);
    return { workspace, owner };
  });
}
