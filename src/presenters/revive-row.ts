/** Columns that hold an instant; a snapshot in the event log has them as RFC 3339 text. */
const INSTANTS = new Set([
  'createdAt',
  'closedAt',
  'lastMessageAt',
  'waitingSince',
  'requestedAt',
  'answerBy',
  'acceptedAt',
  'endedAt',
  'seenAt',
]);

/** Turns the snapshot of an event back into the row that was committed. */
export function reviveRow<Row extends object>(snapshot: Readonly<Record<string, unknown>>): Row {
  const row = Object.entries(snapshot).map(([key, value]) =>
    INSTANTS.has(key) && typeof value === 'string' ? [key, new Date(value)] : [key, value],
  );
  return Object.fromEntries(row) as Row;
}
