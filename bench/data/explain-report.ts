import type { Explained } from './explain-list';
import type { DataSize } from './fill';

/** What was measured with one size of data. */
export interface Column {
  readonly size: DataSize;
  readonly lists: readonly Explained[];
}

/** More rows than this to sort, or to read for one page, means that the list has no index in its order. */
const MANY_SORTED = 5000;

/** A table with a line for each list, and for each size what it cost. */
export function report(columns: readonly Column[]): string {
  const names = columns[0]?.lists.map(({ name }) => name) ?? [];
  const heads = columns.map(({ size }) => `${short(size.conversations)} / ${short(size.messages)}`);
  const lines = names.map((name) => {
    const cells = columns
      .map(({ lists }) => lists.find((list) => list.name === name))
      .filter((cell) => cell !== undefined);
    const flags = [...new Set(cells.flatMap(flagsOf))];
    return `| ${name} | ${cells.map(cellOf).join(' | ')} | ${flags.join('; ')} |`;
  });
  return `# How each list is read

Written by \`npm run bench:explain\`. One line a list of the API: rows taken from tables and indexes, pages of 8 KiB touched,
and milliseconds of planning and execution inside PostgreSQL (best of three runs, warm, under EXPLAIN ANALYZE), with 50
rows a page and row-level security on. The columns are conversations / messages in the workspace. A line that says "with" reads
what hangs below the rows of its page, in further statements. What does not grow from one column to the other is what a page costs; what
grows is a count, a search for a common word, or the replay of an old cursor (500 events of what lies behind it).
The operator has read the newest conversations of the inbox: by URGENCY they are passed over to find what is unread.

| list | ${heads.join(' | ')} | flags |
|---|${columns.map(() => '---|').join('')}---|
${lines.join('\n')}
`;
}

function cellOf({ rows, buffers, ms }: Explained): string {
  return `${rows} rows, ${buffers} pages, ${ms.toFixed(1)} ms`;
}

function flagsOf({ scans, sorted }: Explained): string[] {
  return [
    ...scans.map((table) => `sequential scan of ${table}`),
    ...(sorted > MANY_SORTED ? [`sorts ${sorted} rows`] : []),
  ];
}

function short(count: number): string {
  if (count >= 1_000_000) return `${count / 1_000_000}M`;
  return count >= 1000 ? `${count / 1000}k` : String(count);
}
