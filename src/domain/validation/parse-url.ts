/**
 * The URL, or null for what is none. Not by `URL.canParse`: once V8 has optimized a caller, Node 20 and 22 take the bytes
 * of a text with ü or é for UTF-8 and say no (https://github.com/AikidoSec/firewall-node/pull/1086, seen here with 20.20),
 * so a server that has run for a while would refuse https://bücher.example.
 */
export function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
