import { paintFor, type Paint, type Tone } from './paint';

/** Where texts begin: room for the longest name of the demo. */
const INDENT = 16;
const WIDEST = 110;

/** Prints the tour: who speaks on the left, what is said beside it, what the system did below. */
export class Narrator {
  private readonly paint: Paint;
  private readonly width: number;
  /** The column that the next word of a text begins in; null while no text is open. */
  private column: number | null = null;
  private scenes = 0;

  constructor(private readonly output: NodeJS.WriteStream) {
    this.paint = paintFor(output);
    this.width = Math.min(output.isTTY ? output.columns : WIDEST, WIDEST) - INDENT;
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

  /** Pieces end at the end of a word or with a space, as replies are streamed. */
  add(text: string, tone: Tone): void {
    for (const [index, paragraph] of text.split('\n').entries()) {
      if (index > 0 && paragraph !== '') this.breakLine();
      for (const word of paragraph.split(' ').filter((part) => part !== '')) this.word(word, tone);
    }
  }

  end(note: string): void {
    this.word(note, 'quiet');
    this.column = null;
    this.line('');
  }

  /** What the server did, as somebody saw it. */
  note(text: string): void {
    this.column = 0;
    this.output.write(`  ${this.paint('quiet', '·'.padStart(INDENT - 4))} `);
    this.add(text, 'quiet');
    this.column = null;
    this.line('');
  }

  /** A promise that was kept, with what was counted. */
  kept(text: string, counted: string): void {
    this.line(`  ${this.paint('good', '✓')} ${text.padEnd(72)} ${this.paint('strong', counted)}`);
  }

  line(text: string): void {
    this.output.write(`${text}\n`);
  }

  private word(word: string, tone: Tone): void {
    if (word === '') return;
    const column = this.column ?? 0;
    if (column > 0 && column + 1 + word.length > this.width) this.breakLine();
    else if (column > 0) this.output.write(' ');
    const before = this.column ?? 0;
    this.output.write(this.paint(tone, word));
    this.column = before + (before > 0 ? 1 : 0) + word.length;
  }

  private breakLine(): void {
    this.output.write(`\n${' '.repeat(INDENT)}`);
    this.column = 0;
  }
}
