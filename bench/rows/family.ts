import type { Measured } from '../promises';
import type { Stage } from '../stage/stage';

/** Rows that are measured together, because they take the same servers and sockets. */
export interface Family {
  /** `--row` takes it as well, for all of its rows. */
  readonly name: string;
  readonly rows: readonly string[];
  /** Figures by row. What it throws fails all of its rows, with the reason. */
  measure(stage: Stage): Promise<Readonly<Record<string, Measured>>>;
}
