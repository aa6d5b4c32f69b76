import { NOWHERE, type VisitorPrincipal } from '../../src/domain/actor';
import type { World } from '../stage/world';

/** A visitor as a request would have been let in, and the conversation that is theirs. */
export interface Visitor {
  readonly principal: VisitorPrincipal;
  readonly conversationId: string;
}

export function visitorsOf(world: World): Visitor[] {
  return world.visitors.map(({ visitorUuid, sessionUuid, conversationUuid }) => ({
    principal: {
      ...NOWHERE,
      kind: 'VISITOR' as const,
      workspaceId: world.workspaceUuid,
      visitorId: visitorUuid,
      sessionId: sessionUuid,
      agentId: world.agentUuid,
    },
    conversationId: conversationUuid,
  }));
}
