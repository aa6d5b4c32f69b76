import { type Refusal, refusal } from '../refusal';
import { checkLine } from '../validation/text';
import { ATTACHMENT_TYPES, mayMean, typeOfName } from './attachment-types';
import { MAX_ATTACHED_FILES } from './attached-file';

/** How much of attachments there may be; bytes. */
export interface AttachmentLimits {
  /** Of one file; 0: nothing may be attached. */
  readonly fileBytes: number;
  /** Of all files of one conversation, those included that nobody has attached yet. */
  readonly conversationBytes: number;
}

export interface NewAttachment {
  readonly fileName: string;
  readonly byteSize: number;
  readonly contentType?: string | null;
}

const MAX_NAME_CODE_POINTS = 200;
/** Files that one author may have prepared in a conversation and not sent yet. */
const MAX_UNATTACHED = 10;

/** What is wrong with the file that somebody wants to send, as far as its description tells. */
export function checkNewAttachment(input: NewAttachment, { fileBytes }: AttachmentLimits): Refusal[] {
  return [...checkFileName(input), ...checkByteSize(input.byteSize, fileBytes)];
}

function checkFileName({ fileName, contentType }: NewAttachment): Refusal[] {
  const line = checkLine(fileName, MAX_NAME_CODE_POINTS, 'fileName');
  if (line.length > 0) return line;
  if (/[/\\]/.test(fileName)) return [refusal('INVALID', 'Send the name of the file without its folder.', 'fileName')];
  const type = typeOfName(fileName.trim());
  if (type === null) {
    const taken = ATTACHMENT_TYPES.flatMap(({ extensions }) => extensions).join(', ');
    return [refusal('INVALID', `Files of this type are not taken. What is: ${taken}.`, 'fileName')];
  }
  if (contentType == null || mayMean(contentType, type)) return [];
  const other = `A file of this name is ${type.contentType}. Leave the type out, or correct one of the two.`;
  return [refusal('INVALID', other, 'contentType')];
}

function checkByteSize(byteSize: number, most: number): Refusal[] {
  if (byteSize < 1) return [refusal('INVALID', 'The file is empty.', 'byteSize')];
  if (byteSize <= most) return [];
  return [refusal('LIMIT_EXCEEDED', `A file may have at most ${most} bytes here. Send a smaller one.`, 'byteSize')];
}

/** Whether there is room for it beside what the conversation has. */
export function checkRoom(
  byteSize: number,
  held: { readonly bytes: number; readonly unattached: number },
  { conversationBytes }: AttachmentLimits,
): Refusal[] {
  if (held.unattached >= MAX_UNATTACHED) {
    const tooMany = `${MAX_UNATTACHED} files wait to be sent already. Send them first; what is not sent is gone after a day.`;
    return [refusal('LIMIT_EXCEEDED', tooMany)];
  }
  if (held.bytes + byteSize <= conversationBytes) return [];
  const full = `The files of a conversation may have at most ${conversationBytes} bytes together.`;
  return [refusal('LIMIT_EXCEEDED', full, 'byteSize')];
}

/** The number of files alone: what they are is looked up. */
export function checkFileCount(ids: readonly string[] | undefined): Refusal[] {
  if (ids === undefined || new Set(ids).size <= MAX_ATTACHED_FILES) return [];
  const most = `At most ${MAX_ATTACHED_FILES} files go with one message. Send another message for the rest.`;
  return [refusal('LIMIT_EXCEEDED', most, 'attachmentIds')];
}
