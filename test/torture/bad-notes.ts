import type { EventRow, FinalState } from '../../torture/history/final-state';
import type { BreachKind, History, NoteRecord } from '../../torture/history/history';
import { withFinal, withMessage, withStream } from './altered-history';
import { goodHistory } from './good-history';

const isNote = (id: string, { name, subjectId }: EventRow): boolean => name === 'NOTE_ADDED' && subjectId === id;

/** The log, with the event of one note made into another one. */
const withNoteEvent = (id: string, change: Partial<EventRow>): History =>
  withFinal(({ events }) => ({ events: events.map((event) => (isNote(id, event) ? { ...event, ...change } : event)) }));

const withNotes = (change: (notes: FinalState['notes']) => FinalState['notes']): History =>
  withFinal(({ notes }) => ({ notes: change(notes) }));

const withOutcome = (outcome: NoteRecord['outcome']): History => {
  const history = goodHistory();
  return { ...history, notes: history.notes.map((note) => (note.nonce === null ? note : { ...note, outcome })) };
};

const THE_NOTE = { kind: 'EVENT', key: 'note n1', cursor: 'cursor of a note' } as const;

export const GOOD_NOTES: readonly [string, History][] = [
  ['a note that was never answered, and is there', withOutcome({ kind: 'UNKNOWN' })],
  ['a note of a transfer that was made again, because its answer was lost', transferredAgain()],
];

function transferredAgain(): History {
  const history = withFinal(({ notes, events, log, routerPosition }) => ({
    notes: [...notes, { ...notes[1]!, id: 'n3', createdAt: 9_000 }],
    events: [...events, { ...events[0]!, name: 'NOTE_ADDED', subjectId: 'n3', position: log.position + 1 }],
    log: { ...log, position: log.position + 1 },
    routerPosition: routerPosition + 1,
  }));
  return { ...history, streams: [] };
}

/** Notes that were lost, doubled, reordered, or shown to somebody else. */
export const BAD_NOTES: readonly [BreachKind, string, History][] = [
  ['LOST', 'a note that was acknowledged and is not there', withNotes((notes) => notes.slice(1))],
  ['LOST', 'a note of a transfer that is not there', withNotes((notes) => notes.slice(0, 1))],
  [
    'LOST',
    'a note that says something else',
    withNotes((notes) => notes.map((note) => (note.id === 'n1' ? { ...note, text: 'Something else' } : note))),
  ],
  ['LOST', 'a note that never came into the log', withNoteEvent('n1', { name: 'TURN_OPENED' })],
  ['LOST', 'a note that is told and not in its table', withNoteEvent('n1', { subjectId: 'n9' })],
  [
    'LOST',
    'a note that a feed never got',
    withStream('ada', (entries) => entries.filter((one) => !isKey(one, 'note n1'))),
  ],
  [
    'LOST',
    'a note that the view of one conversation never got',
    withStream('ada’s view', (entries) => entries.filter((one) => !isKey(one, 'note n2'))),
  ],
  [
    'DOUBLED',
    'a note that a feed got twice',
    withStream('olga', (entries) => [...entries, { ...THE_NOTE, cursor: 'once more' }]),
  ],
  ['DOUBLED', 'a note that is twice in the log', withNoteEvent('n2', { subjectId: 'n1' })],
  [
    'DOUBLED',
    'a retry that made a second note',
    withNotes((notes) => [...notes, { ...notes[0]!, id: 'n3', nonce: 'another one' }]),
  ],
  [
    'REORDERED',
    'two notes that changed places in the log',
    withNotes((notes) => notes.map((note) => ({ ...note, createdAt: note.id === 'n1' ? 8_500 : note.createdAt }))),
  ],
  [
    'REFUSED_BUT_WRITTEN',
    'a note that was refused and is there',
    withOutcome({ kind: 'REFUSED', codes: ['FORBIDDEN'] }),
  ],
  ['LEAKED', 'a note on the visitor’s stream', withStream('vera', (entries) => [...entries, THE_NOTE])],
  [
    'LEAKED',
    'a note in the turn of an AI',
    { ...goodHistory(), sightings: [{ who: 'a runtime', what: 'a note, in its turn' }] },
  ],
  ['LEAKED', 'a note that the AI repeats', withMessage('m8', { text: 'I was told: “She is in a hurry.”' })],
];

function isKey(entry: History['streams'][number]['entries'][number], key: string): boolean {
  return entry.kind === 'EVENT' && entry.key === key;
}
