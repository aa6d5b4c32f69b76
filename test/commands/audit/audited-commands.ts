import type { DataSource } from 'typeorm';
import { assignAgent } from '../../../src/commands/agent/assign-agent';
import { createAgent } from '../../../src/commands/agent/create-agent';
import { setAgentResponder } from '../../../src/commands/agent/set-agent-responder';
import { updateAgentHandoff } from '../../../src/commands/agent/update-agent-handoff';
import { updateAgent } from '../../../src/commands/agent/update-agent';
import { createApiKey } from '../../../src/commands/api-key/create-api-key';
import { revokeApiKey } from '../../../src/commands/api-key/revoke-api-key';
import { createOrganization } from '../../../src/commands/organization/create-organization';
import { setHosts } from '../../../src/commands/organization/set-hosts';
import { updateOrganization } from '../../../src/commands/organization/update-organization';
import { createUser } from '../../../src/commands/user/create-user';
import { replacePassword } from '../../../src/commands/user/replace-password';
import { setUserDisabled } from '../../../src/commands/user/set-user-disabled';
import { updateUser } from '../../../src/commands/user/update-user';
import { createWorkspace } from '../../../src/commands/workspace/create-workspace';
import type { Database } from '../../../src/database/database';
import type { Outcome } from '../../../src/domain/refusal';
import type { AuditEntry } from '../../../src/entities/audit-entry';
import { createPasswordHasher } from '../../../src/identity/password-hasher';
import type { World } from '../../support/world';
import { anyTarget } from '../identity/any-target';
import { accepted } from '../identity/open-database';

export const CLIENT = { address: '198.51.100.7', userAgent: 'Baton test' } as const;
export const passwords = createPasswordHasher({ cost: 16 });

export interface Scene {
  readonly database: Database & { readonly source: DataSource };
  readonly world: World;
}

/** What is to be done, once everything is in place, and what the log has to say of it. */
export interface AuditedCase {
  readonly act: () => Promise<unknown>;
  /** `fields`: the names of the changed ones. */
  readonly entry: () => Partial<Omit<AuditEntry, 'changes'>> & { readonly fields?: readonly string[] };
}

export type Prepare = (scene: Scene) => AuditedCase | Promise<AuditedCase>;

type Person = 'owner' | 'admin' | 'operator' | 'secondOperator' | 'manager' | 'visitor' | 'agentKey' | 'staffKey';

export function as<Who extends Person>({ world }: Scene, who: Who): World[Who]['principal'] {
  return { ...world[who].principal, ...CLIENT };
}

export const by = ({ world }: Scene, who: Person, organizationId: string | null = world.organization.id) => {
  return { actorKind: world[who].principal.kind, actorId: world[who].id, organizationId, ...CLIENT };
};

export const NOBODY = { actorId: null, address: null, userAgent: null } as const;
export const SERVER_OPERATOR = { actorKind: 'SERVER_OPERATOR', ...NOBODY } as const;

/** A case of a command whose value is the subject. */
export function made(
  act: () => Promise<Outcome<{ readonly id: string }>>,
  entry: ReturnType<AuditedCase['entry']>,
): AuditedCase {
  let subjectId = '';
  return {
    act: async () => {
      subjectId = accepted(await act()).id;
    },
    entry: () => ({ ...entry, subjectId }),
  };
}

/** By command: accounts, organizations, agents and keys. */
export const SETTINGS: Record<string, Prepare> = {
  assignAgent: (s) => ({
    act: () =>
      assignAgent(s.database, as(s, 'owner'), {
        agentId: s.world.unassignedAgent.id,
        organizationId: s.world.organization.id,
      }),
    entry: () => ({ action: 'AGENT_ASSIGNED', ...by(s, 'owner'), subjectId: s.world.unassignedAgent.id, fields: [] }),
  }),
  createAgent: (s) => {
    const input = { workspaceId: s.world.workspace.id, displayName: 'Eve', organizationId: s.world.organization.id };
    return made(() => createAgent(s.database, as(s, 'staffKey'), input, anyTarget), {
      action: 'AGENT_CREATED',
      ...by(s, 'staffKey'),
      fields: ['displayName'],
    });
  },
  updateAgent: (s) => ({
    act: () =>
      updateAgent(
        s.database,
        as(s, 'manager'),
        { id: s.world.agent.id, displayName: 'Eve', avatarUrl: null },
        anyTarget,
      ),
    entry: () => ({
      action: 'AGENT_UPDATED',
      ...by(s, 'manager'),
      subjectId: s.world.agent.id,
      fields: ['displayName'],
    }),
  }),
  updateAgentHandoff: (s) => ({
    act: () => updateAgentHandoff(s.database, as(s, 'manager'), { agentId: s.world.agent.id, enabled: false }),
    entry: () => ({
      action: 'AGENT_HANDOFF_UPDATED',
      ...by(s, 'manager'),
      subjectId: s.world.agent.id,
      fields: ['handoffEnabled'],
    }),
  }),
  setAgentResponder: (s) => {
    const input = { agentId: s.world.agent.id, kind: 'WEBHOOK', url: 'https://a.example/?key=k', secret: 's' } as const;
    const outside = { checkTarget: () => Promise.resolve(null), sealSecret: (clear: string) => `sealed ${clear}` };
    return {
      act: () => setAgentResponder(s.database, as(s, 'manager'), input, outside),
      entry: () => ({
        action: 'AGENT_RESPONDER_SET',
        ...by(s, 'manager'),
        subjectId: s.world.agent.id,
        fields: ['responderKind', 'responderUrl', 'responderSecret'],
      }),
    };
  },
  createApiKey: (s) => {
    let subjectId = '';
    const input = { workspaceId: s.world.workspace.id, name: 'CI', agentId: s.world.agent.id };
    return {
      act: async () => {
        subjectId = accepted(await createApiKey(s.database, as(s, 'owner'), input)).apiKey.id;
      },
      entry: () => ({ action: 'API_KEY_CREATED', ...by(s, 'owner', null), subjectId, fields: ['name', 'agentId'] }),
    };
  },
  revokeApiKey: (s) => ({
    act: () => revokeApiKey(s.database, as(s, 'owner'), { id: s.world.agentKey.id }),
    entry: () => ({ action: 'API_KEY_REVOKED', ...by(s, 'owner', null), subjectId: s.world.agentKey.id, fields: [] }),
  }),
  createOrganization: (s) => {
    let id = '';
    const input = { workspaceId: s.world.workspace.id, name: 'New client' };
    return {
      act: async () => {
        ({ id } = accepted(await createOrganization(s.database, as(s, 'admin'), input, anyTarget)));
      },
      entry: () => ({
        action: 'ORGANIZATION_CREATED',
        ...by(s, 'admin', id),
        subjectId: id,
        fields: ['slug', 'name', 'locale', 'timeZone', 'branding'],
      }),
    };
  },
  updateOrganization: (s) => ({
    act: () =>
      updateOrganization(s.database, as(s, 'manager'), { id: s.world.organization.id, name: 'Renamed' }, anyTarget),
    entry: () => ({
      action: 'ORGANIZATION_UPDATED',
      ...by(s, 'manager'),
      subjectId: s.world.organization.id,
      fields: ['name'],
    }),
  }),
  setHosts: (s) => {
    const organizationId = s.world.organization.id;
    // Not right after the slug: one in sixteen ends with the "a" of "a.example", which no entry may tell.
    const hosts = [`${s.world.workspace.slug}.hosts.example.com`];
    const input = { workspaceId: s.world.workspace.id, organizationId, hosts };
    return {
      act: () => setHosts(s.database, as(s, 'owner'), input, { reservedHosts: [] }),
      entry: () => ({
        action: 'ORGANIZATION_HOSTS_SET',
        ...by(s, 'owner'),
        subjectId: organizationId,
        fields: ['hosts'],
      }),
    };
  },
  createUser: (s) => {
    const { id: organizationId, workspaceId } = s.world.organization;
    const person = { displayName: 'Nora', email: 'nora@example.com', password: 'a long password' };
    const input = { workspaceId, organizationId, ...person, permissions: ['VIEW_CONVERSATIONS'] as const };
    return made(() => createUser(s.database, as(s, 'manager'), input, { passwords, ...anyTarget }), {
      action: 'USER_CREATED',
      ...by(s, 'manager'),
      fields: ['permissions'],
    });
  },
  updateUser: (s) => ({
    act: () =>
      updateUser(
        s.database,
        as(s, 'manager'),
        {
          id: s.world.operator.id,
          permissions: [],
          agentIds: [s.world.agent.id],
        },
        anyTarget,
      ),
    entry: () => ({
      action: 'USER_UPDATED',
      ...by(s, 'manager'),
      subjectId: s.world.operator.id,
      fields: ['permissions', 'agentIds'],
    }),
  }),
  setUserDisabled: (s) => ({
    act: () =>
      setUserDisabled(s.database, { id: s.world.operator.id, workspaceId: s.world.workspace.id, disabled: true }),
    entry: () => ({
      action: 'USER_DISABLED',
      ...SERVER_OPERATOR,
      subjectId: s.world.operator.id,
      organizationId: s.world.organization.id,
    }),
  }),
  replacePassword: (s) => ({
    act: () => replacePassword(s.database, { ...s.world.admin.row, password: 'a long password' }, { passwords }),
    entry: () => ({
      action: 'PASSWORD_CHANGED',
      ...SERVER_OPERATOR,
      subjectId: s.world.admin.id,
      organizationId: null,
      fields: [],
    }),
  }),
  createWorkspace: (s) => {
    let id = '';
    const owner = { ownerEmail: 'o@example.com', ownerName: 'O', ownerPassword: 'a long password' };
    const input = { slug: `new-${s.world.workspace.slug}`, name: 'New', ...owner };
    return {
      act: async () => {
        ({ id } = accepted(await createWorkspace(s.database, input, { passwords })).workspace);
      },
      entry: () => ({
        action: 'WORKSPACE_CREATED',
        ...SERVER_OPERATOR,
        subjectId: id,
        workspaceId: id,
        organizationId: null,
        fields: ['slug', 'name'],
      }),
    };
  },
};
