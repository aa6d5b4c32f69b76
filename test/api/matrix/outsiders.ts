import { type Permission, PERMISSIONS } from '../../../src/domain/actor';
import type { Agent } from '../../../src/entities/agent';
import { hashToken } from '../../../src/identity/tokens';
import type { Scene } from '../scene';
import { addMember, createObjects, type Objects } from './objects';

/** The principals of the matrix, in the order of its columns, each with what stands above its column. */
export const OUTSIDERS = {
  anonymous: 'anonymous',
  visitor: 'visitor of it',
  otherVisitor: 'other visitor, same agent',
  visitorElsewhere: 'visitor of another agent',
  otherOrganization: 'member of another organization',
  withoutPermission: 'member without the permission',
  otherAgents: 'member limited to other agents',
  disabled: 'disabled person',
  expired: 'expired session',
  otherAgentKey: 'key of another agent',
  revokedKey: 'revoked key',
  otherWorkspace: 'owner of another workspace',
  otherWorkspaceKey: 'back end of another workspace',
} as const;
export type OutsiderName = keyof typeof OUTSIDERS;

/** They have no credential that counts, whatever they ask. */
export const NOBODIES: readonly OutsiderName[] = ['anonymous', 'disabled', 'expired', 'revokedKey'];

export interface Outsider {
  readonly name: OutsiderName;
  /** The credential, given the permission that the field takes; null permission: staff alone may. */
  readonly tokenFor: (takes: Permission | null) => string | null;
  /** What is theirs: it goes beside the foreign id where a field takes several. */
  readonly own: Objects;
}

export interface Matrix {
  readonly victims: Objects;
  readonly outsiders: readonly Outsider[];
}

type Assigned = Agent & { organizationId: string };

/** The victims' objects, around `world.agent`, and everybody who must not get at them. */
export async function createMatrix(scene: Scene, other: Scene): Promise<Matrix> {
  const { world, people } = scene;
  const { source } = scene.api;
  const organizationId = world.organization.id;
  const agent = world.agent as Assigned;
  const victims = await createObjects(scene, agent);
  const neighbour = await createObjects(scene, agent);
  const elsewhere = await createObjects(scene, world.secondAgent as Assigned);
  const otherOrganization = await createObjects(scene, world.otherAgent as Assigned);
  const otherWorkspace = await createObjects(other, other.world.agent as Assigned);

  const everything = { organizationId, permissions: PERMISSIONS };
  const lacking = new Map<Permission | null, string>();
  for (const takes of [...PERMISSIONS, null]) {
    const permissions = PERMISSIONS.filter((one) => !implies(one, takes));
    lacking.set(takes, (await addMember(scene, { organizationId, permissions })).token);
  }
  const otherAgents = await addMember(scene, { ...everything, agent: world.secondAgent });
  const disabled = await addMember(scene, everything);
  await source.query('update users set disabled_at = now() where id = $1', [disabled.row.id]);
  const expired = await addMember(scene, everything);
  await source.query(`update sessions set expires_at = now() - interval '1 second' where id = $1`, [expired.sessionId]);
  const keyOf = async (agentId: string): Promise<string> => {
    const key = { workspaceId: scene.ids.workspace, agentId, name: 'Key' };
    return (await people.owner.act('createApiKey', key)).secret!;
  };
  const revoked = await keyOf(scene.ids.agent);
  await source.query('update api_keys set revoked_at = now() where secret_hash = $1', [hashToken(revoked)]);

  const tokens: Record<OutsiderName, string | null | ((takes: Permission | null) => string)> = {
    anonymous: null,
    visitor: victims.visitor.token,
    otherVisitor: neighbour.visitor.token,
    visitorElsewhere: elsewhere.visitor.token,
    otherOrganization: world.otherMember.token,
    withoutPermission: (takes) => lacking.get(takes)!,
    otherAgents: otherAgents.token,
    disabled: disabled.token,
    expired: expired.token,
    otherAgentKey: await keyOf(scene.ids.secondAgent),
    revokedKey: revoked,
    otherWorkspace: other.world.owner.token,
    otherWorkspaceKey: other.world.staffKey.token,
  };
  const own: Partial<Record<OutsiderName, Objects>> = {
    otherVisitor: neighbour,
    visitorElsewhere: elsewhere,
    otherOrganization,
    otherAgents: elsewhere,
    otherAgentKey: elsewhere,
    otherWorkspace,
    otherWorkspaceKey: otherWorkspace,
  };
  const outsiders = Object.entries(tokens).map(([key, token]): Outsider => {
    const name = key as OutsiderName;
    return { name, tokenFor: typeof token === 'function' ? token : () => token, own: own[name] ?? victims };
  });
  return { victims, outsiders };
}

/** Who handles conversations may read them. */
function implies(held: Permission, needed: Permission | null): boolean {
  return held === needed || (needed === 'VIEW_CONVERSATIONS' && held === 'HANDLE_CONVERSATIONS');
}
