/** Columns that hold an instant; a snapshot in the event log has them as RFC 3339 text. */
const INSTANTS = new Set([
  'createdAt',
  'closedAt',
  'lastMessageAt',
  'waitingSince',
  'requestedAt',
  'answerBy',
  'nextRungAt',
  'acceptedAt',
  'endedAt',
  'seenAt',
]);

/** Presents the row that an event's transaction committed, from the snapshot that the log keeps of it. */
export function presentSnapshot<Item>(
  snapshot: Readonly<Record<string, unknown>>,
  // Any presenter: which row an event carries is known by its name alone.
  present: (row: never) => Item,
): Item {
  const row = Object.entries(snapshot).map(([key, value]) =>
    INSTANTS.has(key) && typeof value === 'string' ? [key, new Date(value)] : [key, value],
  );
  return present(Object.fromEntries(row) as never);
}
