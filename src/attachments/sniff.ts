import { filetypeinfo } from 'magic-bytes.js';
import { ATTACHMENT_TYPES, type Proof, typeCalled } from '../domain/attachment/attachment-types';

/** Looks at the bytes of an upload as they come. Once false, the file is not what it should be. */
export interface Sniffer {
  accepts(piece: Buffer): boolean;
  /** After the last piece. */
  ends(): boolean;
}

/** What no text begins with, though all of it may be readable: a file that shows itself as something else. */
const NO_TEXT: ReadonlySet<string> = new Set([
  'image/svg+xml',
  ...ATTACHMENT_TYPES.filter(({ proof }) => proof === 'SIGNATURE').map(({ contentType }) => contentType),
]);
const OFFICE_MARKS = ['[Content_Types].xml', '_rels/.rels', 'word/', 'xl/', 'ppt/'];
/** Where the first entry of a ZIP archive has its name; in an OpenDocument file it is stored and names the type. */
const FIRST_NAME = 30;

/** @param contentType what the file has to be */
export function createSniffer(contentType: string): Sniffer {
  const proof = typeCalled(contentType)?.proof ?? null;
  if (proof === null) return { accepts: () => false, ends: () => false };
  const head = (first: Buffer): boolean => isBegun(first, contentType, proof);
  return proof === 'TEXT' ? sniffText(head) : sniffHead(head);
}

function sniffHead(isRight: (first: Buffer) => boolean): Sniffer {
  let isKnown = false;
  return {
    accepts: (piece) => {
      if (isKnown) return true;
      isKnown = isRight(piece);
      return isKnown;
    },
    ends: () => isKnown,
  };
}

/** Text has no mark of its own: all of it has to be UTF-8, and nothing that only programs read. */
function sniffText(isRight: (first: Buffer) => boolean): Sniffer {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let isFirst = true;
  const decodes = (piece?: Buffer): boolean => {
    try {
      return !decoder.decode(piece, { stream: piece !== undefined }).includes('\0');
    } catch {
      return false;
    }
  };
  return {
    accepts: (piece) => {
      const isHead = isFirst;
      isFirst = false;
      return (!isHead || isRight(piece)) && decodes(piece);
    },
    ends: () => decodes(),
  };
}

function isBegun(first: Buffer, contentType: string, proof: Proof): boolean {
  const guesses = new Set(filetypeinfo(first).map(({ mime }) => mime ?? ''));
  switch (proof) {
    case 'SIGNATURE':
      return guesses.has(contentType);
    case 'TEXT':
      return [...guesses].every((guess) => !NO_TEXT.has(guess));
    case 'OFFICE':
      return guesses.has('application/zip') && OFFICE_MARKS.some((mark) => first.includes(mark, FIRST_NAME, 'latin1'));
    case 'OPEN_DOCUMENT':
      return guesses.has('application/zip') && first.includes(`mimetype${contentType}`, FIRST_NAME, 'latin1');
  }
}
