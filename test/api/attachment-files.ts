import type { Caller } from '../support/api-client';
import type { AttachmentView } from '../support/documents';

export interface TestFile {
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** A picture as far as anybody looks: the signature of one, and then bytes that are all different from each other. */
export function picture(byteSize = 1000, fileName = 'photo.png'): TestFile {
  const bytes = Buffer.alloc(byteSize);
  for (let at = 0; at < byteSize; at += 1) bytes[at] = (at * 31 + (at >> 8)) & 0xff;
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  return { fileName, bytes };
}

export const text = (words: string, fileName = 'note.txt'): TestFile => ({ fileName, bytes: Buffer.from(words) });

export interface Announced {
  readonly id: string;
  readonly uploadUrl: string;
}

export async function announce(who: Caller, conversationId: string, { fileName, bytes }: TestFile): Promise<Announced> {
  const input = { conversationId, fileName, byteSize: bytes.length };
  const { attachment, uploadUrl } = await who.act('createAttachment', input);
  return { id: attachment!.id, uploadUrl: uploadUrl! };
}

export interface Told {
  readonly status: number;
  readonly code: string | null;
  readonly body: unknown;
}

export async function put(url: string, body: Buffer, headers: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body) });
  return told(response);
}

export async function told(response: Response): Promise<Told> {
  const body = (await response.json()) as { errors?: readonly { extensions: { code: string } }[] };
  return { status: response.status, code: body.errors?.[0]?.extensions.code ?? null, body };
}

/** Announced and uploaded: its id may be sent. */
export async function upload(who: Caller, conversationId: string, file = picture()): Promise<string> {
  const { id, uploadUrl } = await announce(who, conversationId, file);
  const { status, body } = await put(uploadUrl, file.bytes);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return id;
}

export async function download({ url }: Pick<AttachmentView, 'url'>): Promise<Buffer> {
  const response = await fetch(url!);
  if (response.status !== 200) throw new Error(`The download was answered with ${String(response.status)}.`);
  return Buffer.from(await response.arrayBuffer());
}
