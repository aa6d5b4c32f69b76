const LENGTH = 280;
const WORDS =
  'Could you tell me whether the green one can be delivered before Friday, and what it costs to send it back? ';
/** What stands before the time in a message's text, as JSON has it: `"text":"@12345.678@ …`. */
export const STAMP = '"@';

/** A moment that all processes of the machine agree on, in ms. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** A text of 280 characters that tells when it was sent, so that an event with it is about 550 bytes long. */
export function stampedText(moment = now()): string {
  return `@${moment.toFixed(3)}@ ${WORDS.repeat(3)}`.slice(0, LENGTH);
}

/** When the text at this place of a chunk was sent; null when its stamp is not whole. `at` is where STAMP was found. */
export function readStamp(chunk: Buffer, at: number): number | null {
  const from = at + STAMP.length;
  const end = chunk.indexOf('@', from);
  if (end === -1 || end - from > 20) return null;
  const moment = Number(chunk.toString('latin1', from, end));
  return Number.isFinite(moment) ? moment : null;
}
