import { type Refusal, refusal } from '../refusal';

/** An IANA name. Offsets such as +02:00, which newer engines accept too, are refused: they know no summer time. */
export function checkTimeZone(value: string, ...path: string[]): Refusal[] {
  return isTimeZone(value)
    ? []
    : [refusal('INVALID', 'This is not a time zone that the server knows. It must look like Europe/Madrid.', ...path)];
}

function isTimeZone(value: string): boolean {
  if (!/^[a-z][a-z0-9_+-]*(\/[a-z0-9_+-]+)*$/i.test(value)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
