/** Every kind of line break as "\n"; other control characters, which no mail program shows, are dropped. */
export function normalizeBreaks(text: string): string {
  const breaks = text.replace(/\r\n?|\u2028|\u2029/g, '\n').replace(/\t/g, ' ');
  return breaks.replace(/[^\n\P{Cc}]|\p{Cs}/gu, '').trim();
}

/** The lines of each paragraph; a blank line begins a new one. */
export function paragraphsOf(text: string): string[][] {
  const words = normalizeBreaks(text);
  return words === '' ? [] : words.split(/\n{2,}/).map((block) => block.split('\n'));
}
