import { createHash } from 'node:crypto';
import type { LimitPart, LimitRule } from '../config/limit-rules';
import type { Principal } from '../domain/actor';
import { clientKeyOf } from './client-address';

/** One call of a root field, before it runs. */
export interface LimitCall {
  readonly field: string;
  readonly isSubscription: boolean;
  readonly address: string | null;
  /** Null for nobody. */
  readonly principal: Principal | null;
  /** The field's `input`, as the client sent it. */
  readonly input: Readonly<Record<string, unknown>>;
  /** Of the agent that a visitor talks with; asked only where a rule counts by it. Null: it has none. */
  readonly organizationOf: (agentId: string) => Promise<string | null>;
}

export function isAbout(rule: LimitRule, call: LimitCall): boolean {
  if (rule.fields === 'EVERY') return true;
  return rule.fields === 'SUBSCRIPTIONS' ? call.isSubscription : rule.fields.includes(call.field);
}

/** What the rule counts this call by, hashed, so that no store holds addresses of people. Null: it does not apply. */
export async function limitKeyOf(rule: LimitRule, call: LimitCall): Promise<string | null> {
  const values: string[] = [];
  for (const part of rule.per) {
    const value = await READ[part](call);
    if (value === null) return null;
    values.push(value);
  }
  return createHash('sha256')
    .update(JSON.stringify([rule.name, ...values]))
    .digest('base64url');
}

type Read = (call: LimitCall) => Promise<string | null> | string | null;

const READ: Record<LimitPart, Read> = {
  CLIENT: ({ address }) => address && clientKeyOf(address),
  EMAIL: ({ input }) => textOf(input.email)?.toLowerCase() ?? null,
  INQUIRY: ({ input }) => textOf(input.inquiryId),
  AGENT: ({ input }) => textOf(input.agentPublicKey),
  PRINCIPAL: ({ principal }) => principal && idOf(principal),
  VISITOR: ({ principal }) => (principal?.kind === 'VISITOR' ? principal.visitorId : null),
  USER: ({ principal }) => (principal?.kind === 'USER' ? principal.userId : null),
  KEY: ({ principal }) => (principal?.kind === 'API_KEY' ? principal.keyId : null),
  // Only of visitors: whoever floods an organization's widget must not silence its operators.
  ORGANIZATION: ({ principal, organizationOf }) =>
    principal?.kind === 'VISITOR' ? organizationOf(principal.agentId) : null,
};

function idOf(principal: Principal): string {
  if (principal.kind === 'USER') return principal.userId;
  return principal.kind === 'VISITOR' ? principal.visitorId : principal.keyId;
}

/** As the commands read it: blanks around it make no second mailbox. */
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.trim() : null);
