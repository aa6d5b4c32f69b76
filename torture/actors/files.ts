import { createHash } from 'node:crypto';
import type { UploadRecord } from '../history/history';
import { type Recorder, uuidOf } from '../history/recorder';
import type { Chance } from '../random';
import type { Caller } from './caller';
import { FILES_OF_MESSAGE, type FilesView } from './documents';
import type { Stage } from './stage';

interface MadeFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
/** The server stores 256 KiB at a time: now and then a file of several pieces. */
const SMALL = 12_000;
const LARGE = 600_000;
/** Refusals after which the file is there, or will never be. */
const TAKEN = 'ALREADY_UPLOADED';
const AGAIN: readonly number[] = [408, 409, 429, 500, 502, 503];

/** A picture (as far as the server looks) or a text, with bytes that no other file of the run has. */
function makeFile(chance: Chance, name: string): MadeFile {
  const size = chance.happens(0.06) ? chance.between(SMALL, LARGE) : chance.between(1, SMALL);
  const words = Buffer.from(`${name} `.repeat(Math.ceil(size / (name.length + 1))));
  if (chance.happens(0.5)) return { fileName: `${name}.txt`, bytes: words.subarray(0, size) };
  return { fileName: `${name}.png`, bytes: Buffer.concat([PNG, words.subarray(0, size)]) };
}

/**
 * Announces a file and puts it to its address, again and again where the way breaks, and now and then twice at once.
 *
 * @returns its public id; null where it was refused, or nobody said that it is there
 */
async function upload(
  { recorder }: Pick<Stage, 'recorder'>,
  caller: Caller,
  chance: Chance,
  { conversationId, name }: { readonly conversationId: string; readonly name: string },
): Promise<string | null> {
  const { fileName, bytes } = makeFile(chance, name);
  const announced = await caller.call('createAttachment', { conversationId, fileName, byteSize: bytes.length });
  if (announced.kind !== 'DONE') return null;
  const { attachment, uploadUrl } = announced.payload;
  if (attachment == null || uploadUrl == null)
    throw new Error('A file was announced, and the answer does not say where to.');
  const ways = chance.happens(0.15) ? 2 : 1;
  const put = await Promise.all(Array.from({ length: ways }, () => putOnce(recorder, caller, uploadUrl, bytes)));
  const isAcked = put.includes(true);
  const file = { id: uuidOf(attachment.id), conversationId: uuidOf(conversationId), fileName, ...gistOf(bytes) };
  recorder.uploads.push({ ...file, isAcked });
  return isAcked ? attachment.id : null;
}

/** So many files for the message of that nonce, one after the other. Public ids of those that are there. */
export async function uploadSome(
  stage: Pick<Stage, 'recorder'>,
  caller: Caller,
  chance: Chance,
  { conversationId, nonce, count }: { readonly conversationId: string; readonly nonce: string; readonly count: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 1; index <= count; index += 1) {
    const id = await upload(stage, caller, chance, { conversationId, name: `${nonce}-${index}` });
    if (id !== null) ids.push(id);
  }
  return ids;
}

async function putOnce(recorder: Recorder, caller: Caller, address: string, bytes: Buffer): Promise<boolean> {
  const [isThere = false] =
    (await caller.persist(async () => {
      const answer = await caller.transfer('upload', address, bytes);
      if (answer === null) return null;
      const { status } = answer;
      if (status === 200 || answer.bytes.includes(TAKEN)) return true;
      recorder.trouble(`upload: ${status} ${answer.bytes.toString().slice(0, 100)}`);
      return AGAIN.includes(status) ? null : false;
    })) ?? [];
  recorder.count('upload', isThere ? 'ok' : 'failed');
  return isThere;
}

/** What a message shows of its files, and what is behind their addresses, as one reader gets it. */
export async function readFiles(stage: Stage, reader: Caller, messageId: string): Promise<void> {
  const shown = await reader.ask<FilesView>('read files', FILES_OF_MESSAGE, messageId);
  if (shown == null) return;
  const files = await Promise.all(
    shown.attachments.map(async ({ id, fileName, byteSize, url }) => {
      const bytes = url === null ? null : await getAll(stage.recorder, reader, url);
      const sha256 = bytes === null ? '' : gistOf(bytes).sha256;
      return { id: uuidOf(id), fileName, byteSize, sha256 };
    }),
  );
  stage.recorder.downloads.push({ messageId: uuidOf(messageId), files });
}

async function getAll(recorder: Recorder, reader: Caller, address: string): Promise<Buffer | null> {
  const [bytes = null] =
    (await reader.persist(async () => {
      const answer = await reader.transfer('download', address);
      if (answer?.status === 200) return answer.bytes;
      if (answer !== null) recorder.trouble(`download: ${answer.status} ${answer.bytes.toString().slice(0, 100)}`);
      return null;
    })) ?? [];
  recorder.count('download', bytes === null ? 'failed' : 'ok');
  return bytes;
}

function gistOf(bytes: Buffer): Pick<UploadRecord, 'byteSize' | 'sha256'> {
  return { byteSize: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
