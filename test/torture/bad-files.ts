import type { AttachmentRow } from '../../torture/history/final-state';
import type { BreachKind, DownloadRecord, History } from '../../torture/history/history';
import { withFinal, withMessage } from './altered-history';
import { goodHistory } from './good-history';

const withFile = (id: string, change: Partial<AttachmentRow>): History =>
  withFinal(({ attachments }) => ({
    attachments: attachments.map((row) => (row.id === id ? { ...row, ...change } : row)),
  }));

/** What the message with two files shows in the end. */
const shown = (change: (files: DownloadRecord['files']) => DownloadRecord['files']): History => {
  const history = goodHistory();
  const downloads = history.downloads.map((one) =>
    one.messageId === 'm6' ? { ...one, files: change(one.files) } : one,
  );
  return { ...history, downloads };
};

const refused = (): History => {
  const history = goodHistory();
  const outcome = { kind: 'REFUSED', codes: ['NOT_IN_CONTROL'] } as const;
  const late = { ...history.sends[0]!, nonce: 'late', text: 'Too late', files: ['never sent'], outcome };
  return { ...history, sends: [...history.sends, late] };
};

const unknown = (history: History): History => {
  const sends = history.sends.map((send) => ({ ...send, outcome: { kind: 'UNKNOWN' } as const }));
  return { ...history, sends, downloads: [] };
};

export const GOOD_FILES: readonly [string, History][] = [
  ['a message with files that was refused, whose files are still there to be sent', refused()],
  ['messages with files that were never answered, and are there', unknown(goodHistory())],
  [
    'an upload that nobody answered, of which nothing is there',
    (() => {
      const { uploads, ...history } = withFile('never sent', { state: 'PENDING', sha256: null });
      return {
        ...history,
        uploads: uploads.map((one) => (one.id === 'never sent' ? { ...one, isAcked: false } : one)),
      };
    })(),
  ],
];

/** Files that were lost, doubled, mixed up, or given to somebody else. */
export const BAD_FILES: readonly [BreachKind, string, History][] = [
  ['LOST', 'a message without the files that it was sent with', withMessage('m4', { files: [] })],
  ['LOST', 'a message with one of its two files', withMessage('m6', { files: ['f2'] })],
  ['LOST', 'a message whose files changed places', withMessage('m6', { files: ['f3', 'f2'] })],
  ['LOST', 'the same of a message that was never answered', unknown(withMessage('m4', { files: [] }))],
  ['DOUBLED', 'a retry that attached a file again', withMessage('m6', { files: ['f2', 'f3', 'f3'] })],
  ['DOUBLED', 'a file that went with two messages', withMessage('m11', { files: ['f1'] })],
  ['LOST', 'a file that says it is another message’s', withFile('f1', { messageId: 'm6' })],
  ['LOST', 'an upload that was taken and is PENDING', withFile('never sent', { state: 'PENDING' })],
  [
    'LOST',
    'an upload that was taken and is not there',
    withFinal(({ attachments }) => ({ attachments: attachments.slice(0, -1) })),
  ],
  ['FILE_BROKEN', 'two uploads of one file that were mixed', withFile('f1', { sha256: 'sha of a mixture' })],
  ['FILE_BROKEN', 'a piece that was stored twice', withFile('f2', { sha256: 'sha of f2 and more' })],
  [
    'REFUSED_BUT_WRITTEN',
    'a message that was refused, and has taken its file',
    (() => {
      const { final } = withFile('never sent', { state: 'ATTACHED', messageId: 'm4' });
      return { ...refused(), final };
    })(),
  ],
  ['LOST', 'a message that shows fewer files than it has', shown((files) => files.slice(1))],
  [
    'LOST',
    'a message that nobody can read in the end',
    { ...goodHistory(), downloads: goodHistory().downloads.slice(1) },
  ],
  [
    'FILE_BROKEN',
    'other bytes behind the address',
    shown((files) => files.map((file) => ({ ...file, sha256: 'sha of something else' }))),
  ],
  ['FILE_BROKEN', 'another name', shown((files) => files.map((file) => ({ ...file, fileName: 'x.txt' })))],
  [
    'LOST',
    'a stream whose message came without its files',
    (() => {
      const history = goodHistory();
      const streams = history.streams.map((stream) => ({
        ...stream,
        entries: stream.entries.map((one) =>
          one.kind === 'EVENT' && one.key === 'message m4 f1' ? { ...one, key: 'message m4' } : one,
        ),
      }));
      return { ...history, streams };
    })(),
  ],
  [
    'LEAKED',
    'another tenant who got hold of an id, and was shown what is behind it',
    { ...goodHistory(), sightings: [{ who: 'the neighbour', what: 'm4' }] },
  ],
];
