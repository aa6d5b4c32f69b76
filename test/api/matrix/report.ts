import { expectedOf, type Place, type Verdict } from './cells';
import { OUTSIDERS, type OutsiderName } from './outsiders';

const SYMBOLS: Readonly<Record<Verdict, string>> = { UNAUTHENTICATED: '–', AS_MISSING: '·', SEEN: '○', FOUND: '●' };

/** The table as a page to read. The same table gives the same bytes. */
export function printMatrix(places: readonly Place[]): string {
  const outsiders = Object.entries(OUTSIDERS) as [OutsiderName, string][];
  const head = ['id', 'names', 'found for', ...outsiders.map(([, title]) => title)];
  const lines = places.map((place) => [
    `\`${place.name}\`${place.row.chooses === true ? ' ¹' : ''}`,
    place.row.named,
    place.row.for ?? 'its owner',
    ...outsiders.map(([name]) => SYMBOLS[expectedOf(place, name)]),
  ]);
  const table = [head, head.map((_title, at) => (at < 3 ? '---' : ':-:')), ...lines];
  const cells = places.length * outsiders.length;
  return `${INTRODUCTION}
${String(places.length)} ids × ${String(outsiders.length)} principals = ${String(cells)} cells.

${table.map((line) => `| ${line.join(' | ')} |`).join('\n')}
`;
}

const INTRODUCTION = `# Who is told of which object

Written by \`test/api/access-matrix.test.ts\`, which asks every cell of a running server; do not edit it. A row is an id
somewhere in the arguments of a field, the other ids beside it being the caller's own. A column is somebody who is not
who the object is for.

| | |
|---|---|
| – | UNAUTHENTICATED, whatever the id |
| · | answered as for an id that does not exist: same data, errors and totals, from the same SQL statements |
| ○ | refused, and may know why: the caller sees the object elsewhere |
| ● | found: it is the caller's own, or for them to see |
| ¹ | the id chooses among what the caller has; one that names nothing of theirs chooses nothing |
`;
