import { Not } from 'typeorm';
import type { Database } from '../../database/database';
import { newId } from '../../database/ids';
import { SERVER, within } from '../../database/scope';
import { type Transaction, transact } from '../../database/transact';
import type { Principal, UserPrincipal } from '../../domain/actor';
import { refuseImpersonator } from '../../domain/policies/impersonation-policy';
import { done, forbidden, type Outcome, type Refusal, refusal, refused } from '../../domain/refusal';
import { whenSet } from '../../domain/validation/patch';
import { checkOptionalText } from '../../domain/validation/text';
import { PushSubscription } from '../../entities/push-subscription';
import { User } from '../../entities/user';

export interface RegisterPushSubscription {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly userAgent?: string | null;
}

export interface RegisterPushSubscriptionDependencies {
  /** Null: the server may call this URL. Looks the name up, so it runs before the transaction. */
  readonly checkTarget: (url: string) => Promise<null | { readonly message: string }>;
  readonly checkPushKeys: (p256dh: string, auth: string) => boolean;
}

const MAX_USER_AGENT = 500;
/** Each of them gets every push: a person with twenty browsers is real, one with a thousand is an attack on us. */
const MAX_SUBSCRIPTIONS = 20;

/**
 * Registers the caller's browser for web push. The same browser again is the same row: it gets the new keys, and when
 * somebody else has signed in there, it is theirs from now on. UNSAFE_URL: the server will not call that endpoint.
 */
export async function registerPushSubscription(
  database: Database,
  principal: Principal,
  input: RegisterPushSubscription,
  { checkTarget, checkPushKeys }: RegisterPushSubscriptionDependencies,
): Promise<Outcome<PushSubscription>> {
  if (principal.kind !== 'USER') return refused(forbidden('Only a signed-in person can receive push notifications.'));
  const impersonated = refuseImpersonator(principal, 'changePushSubscriptions');
  if (impersonated !== null) return refused(impersonated);
  const invalid = checkInput(input, checkPushKeys);
  if (invalid.length > 0) return refused(invalid);
  const unsafe = await checkTarget(input.endpoint);
  if (unsafe !== null) return refused(refusal('UNSAFE_URL', unsafe.message, 'endpoint'));
  const { workspaceId, userId } = principal;
  await takeFromOthers(database, principal, input.endpoint);
  return transact(database, principal, async (transaction) => {
    // Two registrations of one person at once would both find room for one more.
    await transaction.rows(User, workspaceId).lock({ id: userId });
    const others = { userId, endpoint: Not(input.endpoint) };
    const count = (await transaction.rows(PushSubscription, workspaceId).list(others)).length;
    if (count >= MAX_SUBSCRIPTIONS) {
      const message = `You have ${MAX_SUBSCRIPTIONS} browsers already. Remove one that you no longer use.`;
      return refused(refusal('LIMIT_EXCEEDED', message, 'endpoint'));
    }
    return done(await save(transaction, principal, input));
  });
}

/** A browser has one endpoint: where somebody of another workspace had signed in with it, they lose it. */
async function takeFromOthers(database: Database, { workspaceId }: UserPrincipal, endpoint: string): Promise<void> {
  await within(database.source, SERVER, (manager) =>
    manager.query('delete from push_subscriptions where endpoint = $1 and workspace_id <> $2', [endpoint, workspaceId]),
  );
}

async function save(
  transaction: Transaction,
  principal: UserPrincipal,
  input: RegisterPushSubscription,
): Promise<PushSubscription> {
  const { workspaceId, userId } = principal;
  const { endpoint, p256dh, auth } = input;
  const values = [
    newId(),
    workspaceId,
    userId,
    endpoint,
    p256dh,
    auth,
    input.userAgent ?? null,
    await transaction.now(),
  ];
  await transaction.manager.query(UPSERT, values);
  const saved = await transaction.rows(PushSubscription, workspaceId).find({ endpoint });
  if (saved === null) throw new Error('A push subscription that was just saved is not there.');
  return saved;
}

const UPSERT = `
insert into push_subscriptions as present (id, workspace_id, user_id, endpoint, p256dh, auth, user_agent, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8)
on conflict (endpoint) do update set user_id = excluded.user_id,
  p256dh = excluded.p256dh, auth = excluded.auth, user_agent = excluded.user_agent,
  created_at = case when present.user_id = excluded.user_id then present.created_at else excluded.created_at end,
  last_success_at = case when present.user_id = excluded.user_id then present.last_success_at end`;

function checkInput(
  input: RegisterPushSubscription,
  checkPushKeys: (p256dh: string, auth: string) => boolean,
): Refusal[] {
  const refusals = whenSet(input.userAgent, (text) => checkOptionalText(text, MAX_USER_AGENT, 'userAgent'));
  if (!checkPushKeys(input.p256dh, input.auth)) {
    const message = 'The keys of the browser cannot be used. Send them as PushSubscription.toJSON() gives them.';
    refusals.push(refusal('INVALID', message, 'p256dh'));
  }
  return refusals;
}
