import { randomUUID } from 'node:crypto';
import { decodePublicId, encodePublicId, type PublicIdType } from '../../../src/domain/public-id';
import type { Permission } from '../../../src/domain/actor';
import type { Agent } from '../../../src/entities/agent';
import { Attachment } from '../../../src/entities/attachment';
import { Delivery } from '../../../src/entities/delivery';
import { Notification } from '../../../src/entities/notification';
import { PushSubscription } from '../../../src/entities/push-subscription';
import { User } from '../../../src/entities/user';
import { UserAgent } from '../../../src/entities/user-agent';
import type { Caller } from '../../support/api-client';
import { WORLD_PASSWORD } from '../../support/world';
import { newUser } from '../../support/world-rows';
import { newAttachment, newNotification, newPushSubscription, newSentMail } from '../rows';
import { readMessages, type Scene, write } from '../scene';

/** What an id, or what is as good as one, may name. */
export type Named = Exclude<PublicIdType, 'inquiryAnswer' | 'turn'> | 'slug' | 'erasable' | 'deletable';

/** One object of each kind that belong together: those of one visitor of one agent, and around them. */
export interface Objects {
  readonly ids: Readonly<Record<Named, string>>;
  readonly visitor: Caller;
}

/** A well-formed name of nothing. */
export function missing(named: Named): string {
  if (named === 'erasable') return encodePublicId('visitor', randomUUID());
  if (named === 'deletable') return encodePublicId('cannedAnswer', randomUUID());
  return named === 'slug' ? `partner-${randomUUID().slice(0, 8)}` : encodePublicId(named, randomUUID());
}

export async function createObjects(scene: Scene, agent: Agent & { organizationId: string }): Promise<Objects> {
  const { api, people, world } = scene;
  const { manager } = api.source;
  const { visitor, visitorId, conversationId } = await scene.visit(agent);
  await write(visitor, conversationId, 'Hello');
  const inquiry = { conversationId, email: 'v@example.com', text: 'Hello?', idempotencyKey: 'i' };
  const left = await visitor.act('submitInquiry', inquiry);
  const asked = await visitor.act('requestHandoff', { conversationId });
  const noted = await people.owner.act('addNote', { conversationId, clientNonce: 'n', text: 'A note' });
  const canned = async (): Promise<string> => {
    const words = { title: 'Hello', shortcut: `/${randomUUID()}`, text: 'Hello {{visitor.name}}' };
    const organizationId = encodePublicId('organization', agent.organizationId);
    return (await people.owner.act('createCannedAnswer', { organizationId, ...words })).cannedAnswer!.id;
  };
  const [message] = await readMessages(visitor, conversationId);
  const attachment = newAttachment(agent.workspaceId, decodePublicId('conversation', conversationId)!);
  await manager.insert(Attachment, attachment);
  const person = await addMember(scene, {
    organizationId: agent.organizationId,
    permissions: ['VIEW_CONVERSATIONS', 'HANDLE_CONVERSATIONS'],
  });
  const [notification, subscription] = [newNotification(person.row, null), newPushSubscription(person.row)];
  await manager.insert(Notification, notification);
  await manager.insert(PushSubscription, subscription);
  const sent = newSentMail(person.row.workspaceId, { notificationId: notification.id });
  const failed: Delivery = { ...sent, state: 'FAILED', sentAt: null };
  await manager.insert(Delivery, failed);
  const ids = {
    workspace: encodePublicId('workspace', world.workspace.id),
    organization: encodePublicId('organization', agent.organizationId),
    agent: encodePublicId('agent', agent.id),
  };
  const invited = { organizationId: ids.organization, email: `${randomUUID()}@example.com`, permissions: [] };
  const key = { workspaceId: ids.workspace, agentId: ids.agent, name: 'Another' };
  const [entry] = await api.source.query<[{ id: string }]>(
    'select id from audit_entries where organization_id = $1 order by id desc limit 1',
    [agent.organizationId],
  );
  return {
    visitor,
    ids: {
      ...ids,
      slug: world.workspace.slug,
      visitor: visitorId,
      // Another one, of the same agent, whom nobody else needs.
      erasable: (await scene.visit(agent)).visitorId,
      conversation: conversationId,
      message: message!.id,
      attachment: encodePublicId('attachment', attachment.id),
      note: noted.note!.id,
      cannedAnswer: await canned(),
      // One that only its deletion is for.
      deletable: await canned(),
      inquiry: left.inquiry!.id,
      handoff: asked.handoff!.id,
      user: encodePublicId('user', person.row.id),
      session: encodePublicId('session', person.sessionId),
      notification: encodePublicId('notification', notification.id),
      delivery: encodePublicId('delivery', failed.id),
      pushSubscription: encodePublicId('pushSubscription', subscription.id),
      invitation: (await people.owner.act('inviteUser', invited)).invitation!.id,
      apiKey: (await people.owner.act('createApiKey', key)).apiKey!.id,
      auditEntry: encodePublicId('auditEntry', entry.id),
    },
  };
}

/** A member who has signed in; `agent` is the one that they are limited to. */
export async function addMember(
  scene: Scene,
  member: { organizationId: string; permissions: readonly Permission[]; agent?: Agent },
): Promise<{ row: User; token: string; sessionId: string }> {
  const { source } = scene.api;
  const { id: workspaceId, slug } = scene.world.workspace;
  const row = newUser(workspaceId, `${randomUUID()}@example.com`, 'Member', {
    organizationId: member.organizationId,
    permissions: [...member.permissions],
    limitedToAgents: member.agent !== undefined,
  });
  await source.manager.insert(User, row);
  if (member.agent !== undefined) {
    await source.manager.insert(UserAgent, { workspaceId, userId: row.id, agentId: member.agent.id });
  }
  const credentials = { email: row.email, password: WORLD_PASSWORD, workspace: slug };
  const { accessToken } = await scene.nobody.act('signIn', credentials);
  const [session] = await source.query<[{ id: string }]>('select id from sessions where user_id = $1', [row.id]);
  return { row, token: accessToken!, sessionId: session.id };
}
