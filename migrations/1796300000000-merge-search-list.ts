import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lets a worker merge what waits to be searchable by index, before a send has to: docs/adr/0054. */
export class MergeSearchList1796300000000 implements MigrationInterface {
  readonly name = 'MergeSearchList1796300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(MERGE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop function merge_search_list()');
  }
}

// PostgreSQL lets the index's owner do this, which Baton does not sign in as. No index (ADR 22 lets people drop it): null.
const MERGE = `
create function merge_search_list() returns bigint
language sql volatile security definer
set search_path = pg_catalog, pg_temp
as $$ select gin_clean_pending_list(to_regclass('public.messages_text')) $$;
comment on function merge_search_list is
  'Puts the texts that wait in the list of messages_text where the index has them; how many pages the list had. Null without the index.';
revoke execute on function merge_search_list() from public;
grant execute on function merge_search_list() to baton_server;
`;
