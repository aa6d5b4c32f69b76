import { type Refusal, refusal } from '../refusal';

/** RFC 5321: a path has 256 octets, its angle brackets included. */
const MAX_LENGTH = 254;
/** Without "=?": a mail program would decode "=?utf-8?b?PA==?=" in a header to "<". */
const LOCAL_PART = /^(?!.*=\?)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const MAX_LOCAL_PART_LENGTH = 64;
const DOMAIN = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * A bare address in ASCII, such as ana@example.com: no display name, no quoted local part, no list. Whatever a mail
 * program could read as a second address or a header is refused here. Store it trimmed.
 */
export function checkEmail(value: string, ...path: string[]): Refusal[] {
  return isEmailAddress(value.trim())
    ? []
    : [refusal('INVALID', 'This is not an e-mail address. It must look like name@example.com.', ...path)];
}

function isEmailAddress(value: string): boolean {
  if (value.length > MAX_LENGTH) return false;
  const at = value.lastIndexOf('@');
  const local = value.slice(0, Math.max(at, 0));
  return local.length <= MAX_LOCAL_PART_LENGTH && LOCAL_PART.test(local) && DOMAIN.test(value.slice(at + 1));
}
