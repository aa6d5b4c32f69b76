import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agents and people over their organization, and the organization over the server: docs/adr/0043. */
export class LayerSettings1795920000000 implements MigrationInterface {
  readonly name = 'LayerSettings1795920000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS);
    await runner.query(onAllRows('organizations', TO_NULL));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(onAllRows('organizations', FROM_NULL));
    await runner.query(onAllRows('notification_settings', CHOOSE));
    await runner.query(`
      alter table organizations alter column alert_interval_seconds set default 60,
        alter column alert_interval_seconds set not null, drop column member_channels, drop column member_events;
      alter table notification_settings alter column channels set not null, alter column events set not null,
        drop column alert_interval_seconds;
      alter table agents drop column escalation, drop column business_hours, drop column alert_interval_seconds`);
  }
}

const COLUMNS = `
-- Null in each of them: the next layer says it.
alter table agents add column escalation jsonb, add column business_hours jsonb,
  add column alert_interval_seconds integer check (alert_interval_seconds between 1 and 3600);
alter table organizations
  alter column alert_interval_seconds drop default, alter column alert_interval_seconds drop not null,
  -- For members who have not chosen.
  add column member_channels text[] check (member_channels <@ array['EMAIL', 'PUSH']),
  add column member_events text check (member_events in ('ALL_MESSAGES', 'REQUESTS_ONLY'));
alter table notification_settings alter column channels drop not null, alter column events drop not null,
  add column alert_interval_seconds integer check (alert_interval_seconds between 1 and 3600);
`;

// Each organization was made with the default, so a minute is what nobody has chosen.
const TO_NULL = 'update organizations set alert_interval_seconds = null where alert_interval_seconds = 60';
const FROM_NULL = 'update organizations set alert_interval_seconds = 60 where alert_interval_seconds is null';
const CHOOSE = `update notification_settings
  set channels = coalesce(channels, '{EMAIL}'), events = coalesce(events, 'REQUESTS_ONLY')`;

/** Row-level security holds for the owner too, who has to see the rows for a moment. */
function onAllRows(table: string, statement: string): string {
  return `alter table ${table} no force row level security; ${statement}; alter table ${table} force row level security`;
}
