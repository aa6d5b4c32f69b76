import { paintFor, type Paint, type Tone } from './paint';

/** Where texts begin: room for the longest name of the demo. */
const INDENT = 16;
const WIDEST = 110;
/** Of the texts: on a narrower terminal lines break by themselves. */
const NARROWEST = 30;

/** Prints the tour: who speaks on the left, what is said beside it, what the system did below. */
export class Narrator {
  private readonly paint: Paint;
  private readonly width: number;
  /** Where the open text has got to, counted from the indent. */
  private column = 0;
  private breakWanted = false;
  private scenes = 0;

  constructor(private readonly output: NodeJS.WriteStream) {
    this.paint = paintFor(output);
    // A terminal that does not know its width says 0.
    const columns = output.isTTY && output.columns > 0 ? output.columns : WIDEST;
    this.width = Math.max(Math.min(columns, WIDEST) - INDENT, NARROWEST);
  }

  title(text: string, below: string): void {
    this.line(`\n  ${this.paint('strong', text)}  ${this.paint('quiet', below)}`);
  }

  scene(text: string): void {
    this.scenes += 1;
    this.line(`\n  ${this.paint('strong', `${this.scenes}. ${text}`)}`);
  }

  /** A whole message; `note` follows it in grey. */
  say(name: string, tone: Tone, text: string, note: string): void {
    this.begin(name, tone);
    this.add(text, tone);
    this.end(note);
  }

  /** Opens a message whose text comes in pieces. */
  begin(name: string, tone: Tone): void {
    this.output.write(`  ${this.paint(tone, name.padEnd(INDENT - 2))}`);
    this.column = 0;
  }

  /** Pieces are whole words: a reply is streamed that way. Line breaks of the text are kept, empty lines are not. */
  add(text: string, tone: Tone): void {
    for (const part of text.match(/\n|[^\s]+/g) ?? []) {
      if (part === '\n') this.breakWanted = true;
      else this.word(part, tone);
    }
  }

  end(note: string): void {
    this.add(note, 'quiet');
    this.line('');
  }

  /** What the server did, as somebody saw it. */
  note(text: string): void {
    this.column = 0;
    this.output.write(`  ${this.paint('quiet', '·'.padStart(INDENT - 3))} `);
    this.end(text);
  }

  /** A promise that was kept, with what was counted. */
  kept(text: string, counted: string): void {
    this.line(`  ${this.paint('good', '✓')} ${text.padEnd(72)} ${this.paint('strong', counted)}`);
  }

  line(text: string): void {
    this.output.write(`${text}\n`);
  }

  private word(word: string, tone: Tone): void {
    const isTooLong = this.column > 0 && this.column + 1 + word.length > this.width;
    if (this.column > 0 && (isTooLong || this.breakWanted)) this.breakLine();
    this.breakWanted = false;
    const space = this.column > 0 ? ' ' : '';
    this.output.write(space + this.paint(tone, word));
    this.column += space.length + word.length;
  }

  private breakLine(): void {
    this.output.write(`\n${' '.repeat(INDENT)}`);
    this.column = 0;
  }
}
