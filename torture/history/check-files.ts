import type { AttachmentRow, MessageRow } from './final-state';
import { groupBy } from './group-by';
import type { Breach, DownloadRecord, History, SendRecord, UploadRecord } from './history';

/** A message shows exactly what it was sent with, and what is behind each of its addresses is what was uploaded. */
export function checkFiles({ sends, uploads, downloads, final }: History): Breach[] {
  const rows = new Map(final.attachments.map((row) => [row.id, row]));
  const sent = new Map(uploads.map((upload) => [upload.id, upload]));
  const shown = new Map(downloads.map((download) => [download.messageId, download]));
  return [
    ...uploads.flatMap((upload) => checkBytes(upload, rows.get(upload.id))),
    ...sends.flatMap((send) => checkSent(send, final.messages, rows)),
    ...sends.flatMap((send) => checkShown(send, sent, shown)),
    ...checkOwners(final.messages, rows),
  ];
}

function checkBytes({ id, fileName, byteSize, sha256, isAcked }: UploadRecord, row?: AttachmentRow): Breach[] {
  const what = `file ${id} (${fileName}, ${byteSize} bytes)`;
  if (row === undefined) return isAcked ? [{ kind: 'LOST', detail: `${what} was taken and is not there` }] : [];
  if (row.state === 'PENDING') return isAcked ? [{ kind: 'LOST', detail: `${what} was taken and is PENDING` }] : [];
  if (row.byteSize === byteSize && row.sha256 === sha256) return [];
  return [{ kind: 'FILE_BROKEN', detail: `${what} is stored as ${row.byteSize} bytes, and other ones` }];
}

function checkSent(
  send: SendRecord,
  messages: readonly MessageRow[],
  rows: ReadonlyMap<string, AttachmentRow>,
): Breach[] {
  const what = `“${send.text}” (nonce ${send.nonce})`;
  if (send.outcome.kind === 'REFUSED') {
    const taken = send.files.filter((id) => rows.get(id)?.state === 'ATTACHED');
    return taken.map((id) => ({
      kind: 'REFUSED_BUT_WRITTEN',
      detail: `${what} was refused, and file ${id} is attached`,
    }));
  }
  const row = messages.find(
    ({ conversationId, nonce }) => conversationId === send.conversationId && nonce === send.nonce,
  );
  // That an acknowledged message is there at all is asked of every message.
  if (row === undefined || row.files.join() === send.files.join()) return [];
  const extra = new Set(row.files).size < row.files.length || row.files.length > send.files.length;
  const detail = `${what} was sent with files ${send.files.join() || 'none'}, and has ${row.files.join() || 'none'}`;
  return [{ kind: extra ? 'DOUBLED' : 'LOST', detail }];
}

/** What was read through the API when everything was over. */
function checkShown(
  { outcome, files, text }: SendRecord,
  sent: ReadonlyMap<string, UploadRecord>,
  shown: ReadonlyMap<string, DownloadRecord>,
): Breach[] {
  if (outcome.kind !== 'ACKED' || files.length === 0) return [];
  const what = `message ${outcome.messageId} (“${text}”)`;
  const got = shown.get(outcome.messageId);
  if (got === undefined) return [{ kind: 'LOST', detail: `${what} is not shown to its readers` }];
  if (got.files.map(({ id }) => id).join() !== files.join()) {
    const detail = `${what} was sent with files ${files.join()}, and shows ${got.files.map(({ id }) => id).join() || 'none'}`;
    return [{ kind: 'LOST', detail }];
  }
  return got.files.flatMap(({ id, fileName, byteSize, sha256 }): Breach[] => {
    const original = sent.get(id);
    if (original?.fileName === fileName && original.byteSize === byteSize && original.sha256 === sha256) return [];
    return [
      { kind: 'FILE_BROKEN', detail: `${what} gives other bytes, or another name, for file ${id} (${fileName})` },
    ];
  });
}

/** Each file goes with one message, and the file says with which. */
function checkOwners(messages: readonly MessageRow[], rows: ReadonlyMap<string, AttachmentRow>): Breach[] {
  const uses = messages.flatMap(({ id, files }) => files.map((fileId) => ({ id, fileId })));
  const byFile = groupBy(uses, ({ fileId }) => fileId);
  const doubled = [...byFile].filter(([, users]) => users.length > 1);
  const orphans = [...rows.values()].filter(
    ({ id, state, messageId }) => state === 'ATTACHED' && byFile.get(id)?.[0]?.id !== messageId,
  );
  return [
    ...doubled.map(([fileId, users]): Breach => {
      return {
        kind: 'DOUBLED',
        detail: `file ${fileId} is part of messages ${users.map(({ id }) => id).join(' and ')}`,
      };
    }),
    ...orphans.map(({ id, messageId }): Breach => {
      return { kind: 'LOST', detail: `file ${id} belongs to message ${messageId ?? '?'}, which does not show it` };
    }),
  ];
}
