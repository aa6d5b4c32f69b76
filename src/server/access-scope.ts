import type { Principal, UserPrincipal } from '../domain/actor';
import { ViewerAsked } from '../realtime/stream-groups';

/**
 * Names what a principal may see. People of equal rights have the same name, unless it is to be personal; a visitor or
 * an API key is always alone with itself.
 */
export function accessScopeOf(principal: Principal, isPersonal: boolean): string {
  if (principal.kind !== 'USER') {
    const { address: _address, userAgent: _userAgent, ...who } = principal;
    return JSON.stringify(who);
  }
  const { kind, workspaceId, organizationId, workspaceRole, permissions, agentIds } = principal;
  const rights = [
    kind,
    workspaceId,
    organizationId,
    workspaceRole,
    [...permissions].sort(),
    agentIds && [...agentIds].sort(),
  ];
  const { userId, sessionId, impersonatorId } = principal;
  return JSON.stringify(isPersonal ? [...rights, userId, sessionId, impersonatorId] : rights);
}

/**
 * Somebody with these rights, and nobody in particular. Whoever asks who it is gets a `ViewerAsked`, and `onAsked` is
 * called also where that is caught: then the answer is good for that one viewer alone.
 */
export function unnamed(principal: UserPrincipal, onAsked: () => void): UserPrincipal {
  const hidden = {
    // Own and enumerable: a copy of the object asks, too.
    enumerable: true,
    get: (): never => {
      onAsked();
      throw new ViewerAsked('A field depends on who is looking.');
    },
  };
  return Object.defineProperties(
    { ...principal },
    { userId: hidden, sessionId: hidden, impersonatorId: hidden, address: hidden, userAgent: hidden },
  );
}
