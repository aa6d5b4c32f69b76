import type { DataSource } from 'typeorm';
import { encodeCursor } from '../../src/realtime/cursor';

type Column = 'conversation_id' | 'organization_id' | 'workspace_id';

/** What `conversationEvents` tells; the feeds tell inquiries too. */
export const CONVERSATION_NAMES = ['MESSAGE_ADDED', 'CONVERSATION_CHANGED', 'HANDOFF_CHANGED', 'CONVERSATION_ERASED'];
export const FEED_NAMES = [...CONVERSATION_NAMES, 'INQUIRY_CHANGED'];

/** Cursors of everything in the log of one scope behind `after`, a cursor too: what a stream has to have told. */
export async function cursorsOf(
  source: DataSource,
  of: { readonly column: Column; readonly id: string; readonly names: readonly string[]; readonly after: string },
): Promise<string[]> {
  const [{ log_id: logId }] = await source.query('select log_id from event_log');
  const rows = await source.query<{ position: string }[]>(
    `select position from events where ${of.column} = $1 and name = any ($2) order by position`,
    [of.id, of.names],
  );
  const cursors = rows.map(({ position }) => encodeCursor(logId, Number(position)));
  // The bytes of a cursor are in the order of its positions, and so is its text in hexadecimal.
  const hex = (cursor: string): string => Buffer.from(cursor, 'base64url').toString('hex');
  return cursors.filter((cursor) => hex(cursor) > hex(of.after));
}
