/** PostgreSQL refuses NUL in a text, and UTF-8 knows no half characters: what cannot be stored matches nothing. */
export function storable(text: string): string {
  return text.replace(/\0|\p{Cs}/gu, '\ufffd');
}
