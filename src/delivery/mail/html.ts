/** Markup that was built by `html` and may be put into a page unescaped. Nothing else can make one. */
export class SafeHtml {
  private constructor(readonly markup: string) {}

  /** For `html` alone: the literal parts are source code, the values are escaped. */
  static fromTemplate(literals: readonly string[], values: readonly HtmlValue[]): SafeHtml {
    const parts = literals.map((literal, index) => literal + (index < values.length ? toMarkup(values[index]) : ''));
    return new SafeHtml(parts.join(''));
  }
}

export type HtmlValue = string | number | null | undefined | SafeHtml | readonly HtmlValue[];

/** Template tag that escapes every value; null and undefined are nothing. Put attribute values in double quotes. */
export function html(literals: TemplateStringsArray, ...values: HtmlValue[]): SafeHtml {
  return SafeHtml.fromTemplate(literals, values);
}

/** Plain text with its line breaks; a blank line begins a new paragraph. */
export function paragraphs(text: string, style: string): SafeHtml[] {
  const blocks = normalizeBreaks(text).split(/\n{2,}/);
  return blocks.map((block) => html`<p style="${style}">${lines(block)}</p>`);
}

/** Every kind of line break as "\n"; other control characters, which no mail program shows, are dropped. */
export function normalizeBreaks(text: string): string {
  const breaks = text.replace(/\r\n?|\u2028|\u2029/g, '\n').replace(/\t/g, ' ');
  return breaks.replace(/[^\n\P{Cc}]|\p{Cs}/gu, '').trim();
}

function lines(block: string): HtmlValue[] {
  return block.split('\n').map((line, index) => (index === 0 ? line : html`<br />${line}`));
}

function toMarkup(value: HtmlValue): string {
  if (value === null || value === undefined) return '';
  if (value instanceof SafeHtml) return value.markup;
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return value.map(toMarkup).join('');
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? '');
}
