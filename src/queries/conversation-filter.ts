import type { Principal } from '../domain/actor';
import type { Controller, ConversationStatus, HandoffState } from '../domain/conversation/states';
import type { Conditions } from './conditions';

export interface ConversationFilter {
  readonly statuses?: readonly ConversationStatus[] | null;
  readonly controllers?: readonly Controller[] | null;
  readonly handoffStates?: readonly HandoffState[] | null;
  readonly agentIds?: readonly string[] | null;
  readonly operatorIds?: readonly string[] | null;
  readonly unassigned?: boolean | null;
  readonly search?: string | null;
}

export const STATUSES: readonly ConversationStatus[] = ['OPEN', 'CLOSED'];

/** Conditions for all but statuses, agents and search, which decide from which index a list is read. */
export function applyFilter(conditions: Conditions, filter: ConversationFilter): void {
  const { controllers, handoffStates, operatorIds, unassigned } = filter;
  if (controllers != null) conditions.add((p) => `t.controller = any (${p}::text[])`, controllers);
  if (handoffStates != null) conditions.add((p) => `t.handoff_state = any (${p}::text[])`, handoffStates);
  if (operatorIds != null) conditions.add((p) => `t.operator_id = any (${p}::uuid[])`, operatorIds);
  if (unassigned != null) conditions.addPlain(unassigned ? 't.operator_id is null' : 't.operator_id is not null');
  // The table's checks make these follow from the filter. Said again, they let PostgreSQL use the small indexes of what
  // waits and of what a person has.
  if (isOnly(handoffStates, 'REQUESTED')) conditions.addPlain('t.waiting_since is not null');
  if (isOnly(handoffStates, 'ACCEPTED') || isOnly(controllers, 'HUMAN'))
    conditions.addPlain('t.operator_id is not null');
}

/** Statuses that a conversation which fits the filter can have: one that somebody controls is open. */
export function statusesOf(filter: ConversationFilter | null): readonly ConversationStatus[] {
  const { statuses, controllers } = filter ?? {};
  const possible: readonly ConversationStatus[] =
    controllers == null || controllers.includes('NONE') ? STATUSES : ['OPEN'];
  return statuses == null ? possible : possible.filter((status) => statuses.includes(status));
}

/** Agents that the principal is limited to and the filter names. Null: all. */
export function agentsOf(principal: Principal, filter: ConversationFilter | null): readonly string[] | null {
  const limits = [limitOf(principal), filter?.agentIds ?? null].filter((ids) => ids !== null);
  const [first, second = first] = limits;
  if (first === undefined || second === undefined) return null;
  return [...new Set(first)].filter((id) => second.includes(id));
}

function limitOf(principal: Principal): readonly string[] | null {
  if (principal.kind === 'USER') return principal.agentIds;
  return principal.kind === 'API_KEY' && principal.agentId !== null ? [principal.agentId] : null;
}

function isOnly(states: readonly string[] | null | undefined, state: string): boolean {
  return states != null && states.length > 0 && states.every((each) => each === state);
}
