import type { DataSource } from 'typeorm';
import { SERVER, within } from '../database/scope';

/** An operator who looks at a conversation right now. */
export interface Watch {
  readonly userId: string;
  readonly workspaceId: string;
  readonly conversationId: string;
}

export async function touchWatches(
  source: DataSource,
  options: { processId: string; graceMs: number; watches: readonly Watch[] },
): Promise<void> {
  const { processId, graceMs, watches } = options;
  await within(source, SERVER, (manager) =>
    manager.query(
      `insert into watches (process_id, workspace_id, conversation_id, user_id, until)
     select $1::uuid, w.*, clock_timestamp() + $2::float8 * interval '1 millisecond'
     from unnest($3::uuid[], $4::uuid[], $5::uuid[]) as w (workspace_id, conversation_id, user_id)
     on conflict (conversation_id, user_id, process_id) do update set until = excluded.until`,
      [
        processId,
        graceMs,
        watches.map((watch) => watch.workspaceId),
        watches.map((watch) => watch.conversationId),
        watches.map((watch) => watch.userId),
      ],
    ),
  );
}

export async function removeWatches(
  source: DataSource,
  options: { processId: string; watches: readonly Watch[] },
): Promise<void> {
  const { processId, watches } = options;
  await within(source, SERVER, (manager) =>
    manager.query(
      `delete from watches where process_id = $1 and (conversation_id, user_id) in (
       select * from unnest($2::uuid[], $3::uuid[]))`,
      [processId, watches.map((watch) => watch.conversationId), watches.map((watch) => watch.userId)],
    ),
  );
}
