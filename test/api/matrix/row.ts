import type { Permission } from '../../../src/domain/actor';
import type { Person } from '../scene';
import type { Named } from './objects';
import type { OutsiderName } from './outsiders';

/** What is expected of one id in the arguments of one field. */
export interface Row {
  /** What the id names. */
  readonly named: Named;
  /** The permission that the field takes; null: staff alone may, or it goes by something else. */
  readonly takes: Permission | null;
  /** Somebody for whom the very object is found, so that the question is known to be well put. */
  readonly for: Person | null;
  /** Outsiders for whom it is found too. */
  readonly found?: readonly OutsiderName[];
  /** Outsiders who see the object, and are told that they may not do this to it. */
  readonly seen?: readonly OutsiderName[];
  /** Other arguments that have to be given with it. */
  readonly with?: readonly string[];
  /** It chooses among what the caller has: somebody else's id chooses nothing, and no answer says so. */
  readonly chooses?: true;
}

export type Rows = Readonly<Record<string, Row>>;

/** They live in the same workspace, and know it. */
export const FELLOWS: readonly OutsiderName[] = [
  'otherOrganization',
  'withoutPermission',
  'otherAgents',
  'otherAgentKey',
];
/** They know the agent. */
export const OF_AGENT: readonly OutsiderName[] = ['visitor', 'otherVisitor', 'withoutPermission'];
/** They read the conversation, and may not do everything in it. */
export const READERS: readonly OutsiderName[] = ['visitor', 'withoutPermission'];
/** They belong to the organization. */
export const MEMBERS: readonly OutsiderName[] = ['withoutPermission', 'otherAgents'];
