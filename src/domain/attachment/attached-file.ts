/** PENDING: nothing of it has come yet, or not all. UPLOADED: it may be attached. ATTACHED: it belongs to one message. */
export type AttachmentState = 'PENDING' | 'UPLOADED' | 'ATTACHED';

/** What a message or an inquiry keeps of a file that was attached to it. Neither ever changes. */
export interface AttachedFile {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly byteSize: number;
}

/** Of one message or inquiry. */
export const MAX_ATTACHED_FILES = 5;

/** Whether the files are exactly those, in whatever order: a retry names the same ones again. */
export function areSameFiles(
  files: readonly AttachedFile[] | null | undefined,
  ids: readonly string[] | undefined,
): boolean {
  const held = new Set(files?.map(({ id }) => id));
  const named = new Set(ids);
  return held.size === named.size && [...named].every((id) => held.has(id));
}

/** What a line about a message shows: its text, or the names of its files where it has none. */
export function gistOf(text: string, files: readonly { readonly fileName: string }[]): string {
  return text.trim() === '' ? files.map(({ fileName }) => fileName).join(', ') : text;
}

/** The text as an AI reads it, which sees no files: a line says that there are some. */
export function withFiles(text: string, files: readonly AttachedFile[] | null): string {
  const lines = (files ?? []).map(
    ({ fileName, contentType, byteSize }) =>
      `[Attached file: ${JSON.stringify(fileName)}, ${contentType}, ${byteSize} bytes]`,
  );
  return [text, ...lines].filter((line) => line !== '').join('\n');
}
