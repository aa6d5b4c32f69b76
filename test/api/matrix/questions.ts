import type { Scene } from '../scene';
import { type Answer, type Asker, createAsker } from './ask';
import { answerWithout, isRefusal, type Place, variablesFor, type Verdict, verdictOf } from './cells';
import { missing, type Objects } from './objects';
import type { Statements } from './statements';

/** What one caller was told at one place, and how that differs from what an id of nothing is told. */
export interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  readonly answer: Answer;
  readonly toMissing: Answer;
  /** The statements of both, where they are not the same ones. */
  readonly unlike: readonly (readonly string[])[];
}

/** Who asks, and what is theirs. */
interface Who {
  readonly token: string | null;
  readonly own: Objects;
  readonly nudge?: () => Promise<unknown>;
}

/** A document is executed twice where it turns out to read more than before, whatever it asks for: src/queries/read-columns. */
const TRIES = 3;

/** Asks everything twice, of the victims' object and of none, with the credentials that it is given. */
export class Questions {
  private readonly askers = new Map<string | null, Asker>();
  private asked = 0;

  constructor(
    private readonly scene: Scene,
    private readonly statements: Statements,
  ) {}

  async findings(place: Place, who: Who, target: string): Promise<Finding[]> {
    for (let left = place.field.kind === 'query' ? TRIES : 1; ; left -= 1) {
      const findings = await this.compare(place, who, target);
      // What tells two ids apart does it again.
      if (left === 1 || findings.every(({ unlike }) => unlike.length === 0)) return findings;
    }
  }

  private async compare(place: Place, who: Who, target: string): Promise<Finding[]> {
    const [hidden, absent] = await Promise.all(
      [target, missing(place.row.named)].map((id) =>
        Promise.all(variablesFor(place, id, who.own).map((variables) => this.ask(place, { ...who, id, variables }))),
      ),
    );
    return hidden!.map(({ answer, statements }, at) => {
      const other = absent![at]!;
      const isSame = JSON.stringify(statements) === JSON.stringify(other.statements);
      // What follows an open stream is not for its caller to wait for.
      const isOpen = place.field.kind === 'subscription' && !isRefusal(answer);
      const verdict = verdictOf(answer, other.answer);
      const unlike = isSame || isOpen || verdict !== 'AS_MISSING' ? [] : [statements, other.statements];
      return { name: place.name, verdict, answer, toMissing: other.answer, unlike };
    });
  }

  /** One answer, without the id in it. */
  async ask(
    { field }: Place,
    question: {
      readonly token: string | null;
      readonly id: string;
      readonly variables: Readonly<Record<string, unknown>>;
      readonly nudge?: () => Promise<unknown>;
    },
  ): Promise<{ answer: Answer; statements: readonly string[] }> {
    const { token, id, variables, nudge } = question;
    const asker = this.askers.get(token) ?? createAsker(this.scene.api.url, token);
    this.askers.set(token, asker);
    const cell = `cell ${String((this.asked += 1))}`;
    const answer = await asker.ask(cell, field, variables, nudge);
    return { answer: id.length > 20 ? answerWithout(id, answer) : answer, statements: this.statements.of(cell) };
  }

  /** How many questions there were. */
  get count(): number {
    return this.asked;
  }

  close(): void {
    for (const asker of this.askers.values()) asker.close();
  }
}
