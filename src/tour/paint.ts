const CODES = {
  visitor: '36',
  agent: '35',
  operator: '32',
  otherOperator: '33',
  announcement: '3;90',
  quiet: '90',
  strong: '1',
  good: '1;32',
} as const;

/** Who or what a piece of text is about; each has its colour. */
export type Tone = keyof typeof CODES;

export type Paint = (tone: Tone, text: string) => string;

/** Colours for a terminal that has them. A pipe, NO_COLOR or a dumb terminal gets plain text: node's `hasColors` knows. */
export function paintFor(output: NodeJS.WriteStream): Paint {
  const hasColours = output.isTTY && output.hasColors();
  return hasColours ? (tone, text) => `\u001b[${CODES[tone]}m${text}\u001b[0m` : (_tone, text) => text;
}
