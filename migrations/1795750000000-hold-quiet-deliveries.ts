import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Deliveries that quiet hours hold, digests that replace them, mails that stand in for a push: docs/adr/0035. */
export class HoldQuietDeliveries1795750000000 implements MigrationInterface {
  readonly name = 'HoldQuietDeliveries1795750000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await setKinds(runner, (kinds) => [...new Set([...kinds, ...KINDS])]);
    await runner.query(DIGESTS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index notifications_digest, deliveries_held, deliveries_of_digest;
      alter table deliveries drop column digest_id;
      alter table notifications no force row level security;
      delete from notifications where kind in ('DIGEST', 'TEST', 'PUSH_SUBSCRIPTION_LOST');
      alter table notifications force row level security;
      alter table notifications drop column quiet_until;
      alter table deliveries drop column not_before, drop column postponed, drop column forgiven, drop column is_fallback;
      alter table notification_settings drop column let_requests_through`);
    await setKinds(runner, (kinds) => kinds.filter((kind) => !KINDS.includes(kind)));
  }
}

const KINDS: readonly string[] = ['PUSH_SUBSCRIPTION_LOST', 'DIGEST', 'TEST'];

const COLUMNS = `
alter table notification_settings add column let_requests_through boolean not null default true;

-- Of a digest: when the quiet hours end whose alerts it brings.
alter table notifications add column quiet_until timestamptz;

-- Held by quiet hours that end then. A PENDING one with it is not sent; the digest of that time replaces it.
alter table deliveries add column not_before timestamptz;
-- Of the attempts: those at which nothing was tried, because it had to wait.
alter table deliveries add column postponed integer not null default 0;
-- Of the attempts: those before somebody had it sent again.
alter table deliveries add column forgiven integer not null default 0;
-- The mail that leaves because the push of the same alert cannot.
alter table deliveries add column is_fallback boolean not null default false;
-- The digest in which it is.
alter table deliveries add column digest_id uuid;
alter table deliveries add constraint deliveries_digest foreign key (workspace_id, digest_id) references notifications (workspace_id, id);
`;

const DIGESTS = `
alter table notifications add constraint notifications_quiet_until check ((kind = 'DIGEST') = (quiet_until is not null));
-- Whoever makes it, and however often: one digest for each person and end of quiet hours.
create unique index notifications_digest on notifications (user_id, quiet_until) where kind = 'DIGEST';
create index deliveries_held on deliveries (notification_id) where state = 'PENDING' and not_before is not null;
create index deliveries_of_digest on deliveries (digest_id) where digest_id is not null;
`;

/** Adds to the kinds that there are, whichever migration has brought them. */
async function setKinds(runner: QueryRunner, change: (kinds: string[]) => string[]): Promise<void> {
  const rows = (await runner.query(
    `select pg_get_constraintdef(oid) as definition from pg_constraint where conname = 'notifications_kind_check'`,
  )) as { definition: string }[];
  const present = [...(rows[0]?.definition ?? '').matchAll(/'([A-Z_]+)'/g)].map(([, kind = '']) => kind);
  const kinds = change(present).map((kind) => `'${kind}'`);
  await runner.query(`
    alter table notifications drop constraint notifications_kind_check;
    alter table notifications add constraint notifications_kind_check check (kind in (${kinds.join(', ')}))`);
}
