import type { Deployment } from '../machines/deployment';
import type { Caller } from './caller';
import { given } from './given';

/** Another tenant of the same server: its owner, and a visitor of its widget with a conversation. */
export interface Neighbour {
  readonly workspaceId: string;
  readonly token: string;
  readonly visitor: { readonly token: string; readonly conversationId: string };
}

export async function buildNeighbour(deployment: Deployment, nobody: Caller): Promise<Neighbour> {
  const { token, workspaceId } = await createWorkspace(deployment, nobody, 'neighbour');
  const owner = nobody.as(token);
  const { agent } = await owner.must('createAgent', { workspaceId, displayName: 'Next door' });
  const agentPublicKey = given(agent).publicKey;
  const { visitorToken } = await nobody.must('startVisitorSession', { agentPublicKey, displayName: 'Guest' });
  const guest = given(visitorToken);
  const { conversation } = await nobody.as(guest).must('startConversation', { idempotencyKey: 'guest' });
  return { workspaceId, token, visitor: { token: guest, conversationId: given(conversation).id } };
}

export interface OwnedWorkspace {
  readonly workspaceId: string;
  readonly ownerId: string;
  readonly token: string;
}

/** With the admin command, as whoever runs the server does it. */
export async function createWorkspace(deployment: Deployment, nobody: Caller, slug: string): Promise<OwnedWorkspace> {
  const email = `owner@${slug}.example`;
  const parameters = ['create-workspace', '--slug', slug, '--name', slug, '--owner-email', email];
  const printed = await deployment.runOnce('admin', parameters, {});
  const [, password = ''] = /Password[^:]*: (\S+)/.exec(printed) ?? [];
  const { accessToken, viewer } = await nobody.must('signIn', { email, password });
  const { id: ownerId, workspace } = given(viewer);
  return { workspaceId: workspace.id, ownerId, token: given(accessToken) };
}
