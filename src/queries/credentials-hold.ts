/**
 * SQL conditions: what a credential needs to hold. Said once for finding out who calls (`credentials.ts`) and for ending the
 * sockets of those who may not any more (`changed-access.ts`): a rule that only one of them had would let somebody in whom the other
 * throws out, or leave a stream open to whom nothing is answered. Parameters are the names that the rows have in the statement.
 */

/** A session of a person that was neither ended nor has run out. Whether the person still may sign in is another question. */
export const SESSION_IS_OPEN = (session: string): string =>
  `${session}.revoked_at is null and ${session}.expires_at > clock_timestamp()`;

/** An open session of a person who is not disabled, by themselves or by somebody who still may. */
export const SESSION_HOLDS = (session: string, user: string): string =>
  `${SESSION_IS_OPEN(session)} and ${user}.workspace_id = ${session}.workspace_id and ${user}.disabled_at is null
    and ${impersonatorRemains(session)}`;

/** A visitor's session that has not run out, with an agent that does not ask for more than the visitor has shown. */
export const VISITOR_SESSION_HOLDS = (session: string, visitor: string, agent: string): string =>
  `${session}.expires_at > clock_timestamp() and ${visitor}.workspace_id = ${session}.workspace_id
    and ${agent}.workspace_id = ${visitor}.workspace_id and (${visitor}.is_verified or not ${agent}.identity_verification_required)`;

/** An API key that was neither revoked nor has run out. Whether a secret is its own is another question. */
export const KEY_HOLDS = (key: string): string =>
  `${key}.revoked_at is null and (${key}.expires_at is null or ${key}.expires_at > clock_timestamp())`;

/** A key whose secret was changed so shortly ago that the one before is still taken. */
export const FORMER_SECRET_HOLDS = (key: string): string => `${key}.former_secret_expires_at > clock_timestamp()`;

/** Agents that a person is limited to, in one order, for it is compared as text; null: they are not limited. */
export const AGENT_IDS_OF = (user: string): string => `case when ${user}.limited_to_agents
    then array(select agent_id from user_agents where user_id = ${user}.id order by agent_id) end`;

/**
 * That a session is nobody's but its person's, or its impersonator still is who they were: signed in by the session that
 * they came from, on the staff, not disabled. Whatever ends that session, now or in a later version, ends this one.
 */
function impersonatorRemains(session: string): string {
  return `(${session}.impersonator_session_id is null or exists (
    select from sessions own join users staff on staff.workspace_id = own.workspace_id and staff.id = own.user_id
    where own.id = ${session}.impersonator_session_id and own.workspace_id = ${session}.workspace_id
      and ${SESSION_IS_OPEN('own')} and staff.disabled_at is null and staff.workspace_role is not null))`;
}
