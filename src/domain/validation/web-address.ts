import { type Refusal, refusal } from '../refusal';
import { parseUrl } from './parse-url';

const MAX_LENGTH = 2048;
/** `URL` drops or encodes these silently; what is stored would then not be what was checked. */
const FORBIDDEN = /[\s\p{Cc}\p{Cf}\p{Cs}<>"\\^`{|}]/u;

/**
 * An absolute http(s) URL without user name and password. The server never calls it. What other people's browsers load by
 * themselves (pictures) has to pass the check of targets too; what they follow by a click (the dashboard) may be anywhere,
 * a partner's own network included.
 */
export function checkWebAddress(value: string, ...path: string[]): Refusal[] {
  return isWebAddress(value)
    ? []
    : [refusal('INVALID', 'This must be an absolute address that begins with https:// or http://.', ...path)];
}

/** A web origin as a browser sends it in `Origin`: scheme, host and perhaps port, in lower case, nothing behind it. Compared as a whole: no patterns. */
export function checkOrigin(value: string, ...path: string[]): Refusal[] {
  return isWebAddress(value) && new URL(value).origin === value && !value.includes('*')
    ? []
    : [
        refusal(
          'INVALID',
          'This must be a web origin such as https://shop.example.com, without a path, a slash at the end, or a *.',
          ...path,
        ),
      ];
}

function isWebAddress(value: string): boolean {
  if (value.length > MAX_LENGTH || FORBIDDEN.test(value) || !/^https?:\/\//i.test(value)) return false;
  const url = parseUrl(value);
  return url !== null && url.username === '' && url.password === '';
}
