import type { NoteRow } from './final-state';
import { groupBy } from './group-by';
import type { Breach, History, NoteRecord } from './history';

/** Notes are written once, told once and in their order, and shown to operators alone. */
export function checkNotes(history: History): Breach[] {
  const { notes, sightings, final } = history;
  const byId = new Map(final.notes.map((note) => [note.id, note]));
  return [
    ...notes.flatMap((note) => checkNote(note, byId, final.notes)),
    ...checkTwice(final.notes),
    ...checkTold(history, byId),
    ...checkTalk(history),
    ...sightings.map(({ who, what }): Breach => ({ kind: 'LEAKED', detail: `${who} was shown ${what}` })),
  ];
}

function checkNote(note: NoteRecord, byId: ReadonlyMap<string, NoteRow>, written: readonly NoteRow[]): Breach[] {
  const { outcome, text } = note;
  const isSame = (row: NoteRow): boolean =>
    row.text === text && row.conversationId === note.conversationId && row.authorId === note.authorId;
  switch (outcome.kind) {
    case 'UNKNOWN':
      return [];
    case 'REFUSED':
      if (!written.some(isSame)) return [];
      return [
        {
          kind: 'REFUSED_BUT_WRITTEN',
          detail: `the note “${text}” was refused with ${outcome.codes.join()} and is there`,
        },
      ];
    case 'ACKED': {
      // One that goes with a transfer is not named in its answer.
      const row = outcome.noteId === null ? written.find(isSame) : byId.get(outcome.noteId);
      if (row !== undefined && isSame(row)) return [];
      const found = row === undefined ? 'is not there' : `says “${row.text}”`;
      return [
        { kind: 'LOST', detail: `the note “${text}” was acknowledged as ${outcome.noteId ?? '?'}, which ${found}` },
      ];
    }
  }
}

/** Operators never note the same twice. A transfer whose answer was lost may happen again, when somebody handed it back. */
function checkTwice(written: readonly NoteRow[]): Breach[] {
  const own = written.filter(({ nonce }) => nonce !== null);
  const same = groupBy(own, ({ conversationId, authorId, text }) => `${conversationId} ${authorId} ${text}`);
  return [...same.values()]
    .filter((rows) => rows.length > 1)
    .map((rows) => ({
      kind: 'DOUBLED',
      detail: `the note “${rows[0]?.text ?? ''}” is written ${rows.length} times: ${rows.map(({ id }) => id).join(' and ')}`,
    }));
}

/** In the log each note comes once, and those beside one conversation in the order in which they were written. */
function checkTold({ final }: History, byId: ReadonlyMap<string, NoteRow>): Breach[] {
  const breaches: Breach[] = [];
  const told = new Set<string>();
  const last = new Map<string, number>();
  for (const { name, subjectId, position } of final.events) {
    if (name !== 'NOTE_ADDED') continue;
    const row = byId.get(subjectId);
    if (row === undefined) {
      breaches.push({ kind: 'LOST', detail: `note ${subjectId} was told at ${position} and is not in its table` });
      continue;
    }
    if (told.has(subjectId))
      breaches.push({ kind: 'DOUBLED', detail: `note ${subjectId} is told again at ${position}` });
    told.add(subjectId);
    if (row.createdAt < (last.get(row.conversationId) ?? 0)) {
      breaches.push({ kind: 'REORDERED', detail: `note ${subjectId} is told at ${position}, behind a later one` });
    }
    last.set(row.conversationId, row.createdAt);
  }
  const untold = final.notes.filter(({ id }) => !told.has(id));
  return [
    ...breaches,
    ...untold.map(({ id }): Breach => ({ kind: 'LOST', detail: `note ${id} is in its table and was never told` })),
  ];
}

/** What is said in a conversation is for its visitor and the AI too. */
function checkTalk({ final }: History): Breach[] {
  const texts = groupBy(final.notes, ({ conversationId }) => conversationId);
  return final.messages.flatMap(({ id, conversationId, text }): Breach[] => {
    const note = texts.get(conversationId)?.find((one) => text.includes(one.text));
    return note === undefined ? [] : [{ kind: 'LEAKED', detail: `message ${id} repeats the note “${note.text}”` }];
  });
}
