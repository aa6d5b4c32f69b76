import type { DataSource, EntityManager } from 'typeorm';
import { read, within } from '../database/scope';
import type { Permission } from '../domain/actor';
import {
  DEFAULT_ANNOUNCEMENTS,
  DEFAULT_HANDOFF_SUBTITLE,
  DEFAULT_HANDOFF_TITLE,
} from '../domain/conversation/handoff-settings';
import { decodePublicId, type PublicIdType } from '../domain/public-id';
import { Agent } from '../entities/agent';
import { Organization } from '../entities/organization';
import { User } from '../entities/user';
import { Workspace } from '../entities/workspace';
import type { PasswordHasher } from '../identity/password-hasher';
import type { Demo, DemoPerson } from './demo-file';

const OPERATOR: readonly Permission[] = ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'];

/** Inserts the demo in one transaction, unless its workspace is there already. */
export async function insertDemo(source: DataSource, demo: Demo, passwords: PasswordHasher): Promise<void> {
  const workspaceId = uuidOf('workspace', demo.workspaceId);
  if (await read(source, { workspaceId }, (manager) => manager.existsBy(Workspace, { id: workspaceId }))) return;
  const organizationId = uuidOf('organization', demo.organizationId);
  const people = [
    { person: demo.owner, displayName: 'Olivia Owner', permissions: [] },
    { person: demo.operators[0], displayName: 'Ada Operator', permissions: OPERATOR },
    { person: demo.operators[1], displayName: 'Ben Operator', permissions: OPERATOR },
    {
      person: demo.settingsMember,
      displayName: 'Sam Settings',
      permissions: [...OPERATOR, 'MANAGE_AGENT_SETTINGS' as const],
    },
  ];
  const users = await Promise.all(
    people.map(async ({ person, displayName, permissions }, index) => ({
      ...accountOf(person),
      workspaceId,
      organizationId: index === 0 ? null : organizationId,
      workspaceRole: index === 0 ? ('OWNER' as const) : null,
      displayName,
      permissions: [...permissions],
      passwordHash: await passwords.hash(person?.password ?? ''),
      createdAt: new Date(),
    })),
  );
  await within(source, { workspaceId }, async (manager) => {
    await insertTenants(manager, workspaceId, organizationId);
    await manager.insert(User, users);
    await manager.insert(Agent, agentOf(demo, workspaceId, organizationId));
  });
}

async function insertTenants(manager: EntityManager, workspaceId: string, organizationId: string): Promise<void> {
  const createdAt = new Date();
  await manager.insert(Workspace, { id: workspaceId, slug: 'demo', name: 'Demo Partner', branding: {}, createdAt });
  await manager.insert(Organization, {
    id: organizationId,
    workspaceId,
    slug: 'acme',
    name: 'Acme Garden Tools',
    branding: { primaryColor: '#2f6f4f' },
    locale: 'en',
    timeZone: 'UTC',
    createdAt,
  });
}

function agentOf(demo: Demo, workspaceId: string, organizationId: string): Partial<Agent> {
  return {
    id: uuidOf('agent', demo.agentId),
    workspaceId,
    organizationId,
    displayName: 'Fern',
    publicKey: demo.agentPublicKey,
    handoffEnabled: true,
    handoffTitle: DEFAULT_HANDOFF_TITLE,
    handoffSubtitle: DEFAULT_HANDOFF_SUBTITLE,
    announcements: { ...DEFAULT_ANNOUNCEMENTS },
    responderKind: 'SCRIPTED',
    createdAt: new Date(),
  };
}

function accountOf(person: DemoPerson | undefined): { id: string; email: string } {
  if (person === undefined)
    throw new Error('demo.json names too few people: delete it together with the data directory.');
  return { id: uuidOf('user', person.userId), email: person.email };
}

function uuidOf(type: PublicIdType, id: string): string {
  const uuid = decodePublicId(type, id);
  if (uuid === null) throw new Error(`demo.json has no valid ${type} id: delete it together with the data directory.`);
  return uuid;
}
