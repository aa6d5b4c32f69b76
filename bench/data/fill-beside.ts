/** What hangs below conversations, handoffs and people; run behind the statements that fill those. */

// Each conversation of a person has some; the long one has as many as a team makes in years.
const NOTES = `
insert into notes (id, workspace_id, conversation_id, author_user_id, text, client_nonce, created_at)
  select uuidv7(at + interval '1 second' * s - now()), current_setting('fill.workspace')::uuid, id,
    current_setting('fill.operator')::uuid, 'She wrote before, number ' || s, s::text, at + interval '1 second' * s
  from fill_seeds cross join lateral generate_series(1, case when is_long then 2000 else 3 end) s
  where state is not null or is_long;
`;

const RUNGS = `
insert into handoff_rungs (id, workspace_id, organization_id, conversation_id, handoff_id, rung, state, due_at, reached_at)
  select uuidv7(at + interval '1 millisecond' * r.n - now()), current_setting('fill.workspace')::uuid, organization_id, id, handoff_id,
    r.rung, 'REACHED', at, at
  from fill_seeds cross join (values (1, 'ONLINE'), (2, 'EVERYONE'), (3, 'FALLBACK'), (4, 'UNANSWERED')) r (n, rung)
  where state is not null;

insert into handoff_holds (id, workspace_id, organization_id, conversation_id, handoff_id, agent_id, user_id, origin, began_at, ended_at,
    ending)
  select uuidv7(at - now()), current_setting('fill.workspace')::uuid, organization_id, id, handoff_id, agent_id,
    current_setting('fill.operator')::uuid, 'ACCEPTED', at, case when state = 'RESOLVED' then at + interval '5 minutes' end,
    case when state = 'RESOLVED' then 'RESOLVED' end
  from fill_seeds where state in ('ACCEPTED', 'RESOLVED');
`;

// As many as an organization may have.
const CANNED_ANSWERS = `
insert into canned_answers (id, workspace_id, organization_id, title, shortcut, text, created_at, updated_at)
  select uuidv7(), current_setting('fill.workspace')::uuid, o.id, 'Answer ' || md5(s::text), 'a' || s, t.text || t.text, now(), now()
  from fill_organizations o cross join generate_series(1, 500) s join fill_sentences t on t.n = s;
`;

const FILES = `
insert into attachments (id, workspace_id, conversation_id, author_kind, file_name, content_type, byte_size, state, attempt, message_id, created_at)
  select uuidv7(c.at + interval '1 second' * m.sequence - now()), current_setting('fill.workspace')::uuid, c.id, 'VISITOR', 'picture.png',
    'image/png', 40000, 'ATTACHED', 1, m.id, m.created_at
  from fill_seeds c join messages m on m.conversation_id = c.id and m.author_kind = 'VISITOR'
  where m.sequence <= case when c.is_long then 1000 else 1 end;
`;

const MAILS = `
insert into transcripts (id, workspace_id, conversation_id, email, last_sequence, idempotency_key, created_at)
  select uuidv7(at - now()), current_setting('fill.workspace')::uuid, id, 'v@example.com', messages, 't', at
  from fill_seeds where n % 4 = 0;
insert into inquiry_answers (id, workspace_id, inquiry_id, author_user_id, text, idempotency_key, created_at)
  select uuidv7(created_at + interval '1 hour' * s - now()), workspace_id, id, current_setting('fill.operator')::uuid, 'Gladly.', s::text,
    created_at + interval '1 hour' * s
  from inquiries cross join generate_series(1, 2) s where workspace_id = current_setting('fill.workspace')::uuid;
insert into deliveries (id, workspace_id, notification_id, channel, state, attempts, sent_at)
  select uuidv7(), workspace_id, id, 'EMAIL', 'SENT', 1, created_at
  from notifications where workspace_id = current_setting('fill.workspace')::uuid;
insert into deliveries (id, workspace_id, transcript_id, channel, state, attempts, sent_at)
  select uuidv7(), workspace_id, id, 'EMAIL', 'SENT', 1, created_at
  from transcripts where workspace_id = current_setting('fill.workspace')::uuid;
insert into deliveries (id, workspace_id, inquiry_answer_id, channel, state, attempts, sent_at)
  select uuidv7(), workspace_id, id, 'EMAIL', 'SENT', 1, created_at
  from inquiry_answers where workspace_id = current_setting('fill.workspace')::uuid;
`;

// One thing that was done long ago and never since, which is what somebody looks for in a log.
const RARE_ACTION = `
insert into audit_entries (id, workspace_id, organization_id, action, actor_kind, actor_id, subject_kind, subject_id, created_at)
  select uuidv7(at - now()), current_setting('fill.workspace')::uuid, organization_id, 'AGENT_HANDOFF_UPDATED', 'USER',
    current_setting('fill.operator')::uuid, 'agent', agent_id, at
  from fill_seeds where organization_id = (select id from fill_organizations where n = 1) order by n limit 3;
`;

const SIGNED_IN = `
insert into sessions (id, workspace_id, user_id, token_hash, expires_at)
  select uuidv7(), workspace_id, id, sha256((id::text || s)::bytea), now() + interval '1 day'
  from users cross join generate_series(1, 5) s where workspace_id = current_setting('fill.workspace')::uuid;
insert into push_subscriptions (id, workspace_id, user_id, endpoint, p256dh, auth)
  select uuidv7(), workspace_id, id, 'https://push.example/' || id, 'key', 'secret'
  from users where workspace_id = current_setting('fill.workspace')::uuid;
insert into presences (process_id, workspace_id, actor_kind, actor_id, until)
  select id, workspace_id, 'USER', id, now() + interval '1 day'
  from users where workspace_id = current_setting('fill.workspace')::uuid limit 20;
`;

export const BESIDE: readonly string[] = [NOTES, RUNGS, CANNED_ANSWERS, FILES, MAILS, RARE_ACTION, SIGNED_IN];
