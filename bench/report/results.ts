import { type Spread, spreadOf } from '../arithmetic';
import { boundText, type Outcome, verdictOf } from '../promises';
import type { Chart } from './charts';
import { rounded } from './json-line';

export interface Results {
  readonly outcomes: readonly Outcome[];
  /** Of the machine: [what, which]. */
  readonly facts: readonly (readonly [string, string])[];
  readonly charts: readonly Pick<Chart, 'file' | 'title'>[];
  readonly date: Date;
}

/** bench/RESULTS.md, which the README quotes. */
export function renderResults({ outcomes, facts, charts, date }: Results): string {
  return `# What \`npm run bench\` measured

Written by the benchmark itself on ${date.toISOString().slice(0, 10)}: run it again rather than edit this. Each figure is the median of
interleaved rounds with [least – most]; each ratio is the median of the ratios of single rounds, in which both sides ran
one right after the other. \`docs/adr/0024-how-we-measure.md\` says how, \`bench/rivals/\` against whom.

| machine | |
|---|---|
${facts.map(([what, which]) => `| ${what} | ${cell(which)} |`).join('\n')}

## Promises

| row | figure | Baton | rival | unit | ratio | promise | floor | holds |
|---|---|---|---|---|---|---|---|---|
${outcomes.map(promiseLine).join('\n')}
${charts.map(({ file, title }) => `\n![${title}](charts/${file})\n`).join('')}
${outcomes.map(othersOf).filter(Boolean).join('\n')}
## Notes

${notesOf(outcomes).join('\n')}
`;
}

function promiseLine(outcome: Outcome): string {
  const { promised } = outcome;
  const bounds = [boundText(promised, promised.promise), boundText(promised, promised.floor)];
  const verdict = verdictOf(outcome);
  const figures =
    verdict === null
      ? ['not measured', promised.rival, promised.unit, '–']
      : [
          withSpread(verdict.ours),
          `${withSpread(verdict.rival)} (${promised.rival})`,
          promised.unit,
          withSpread(verdict.ratio),
        ];
  const holds =
    verdict === null ? 'no' : verdict.holds ? 'yes' : verdict.breaksFloor ? '**no, below the floor**' : 'no';
  return `| ${[promised.row, promised.figure, ...figures, ...bounds, holds].map(cell).join(' | ')} |`;
}

function othersOf(outcome: Outcome): string {
  if ('failure' in outcome || outcome.measured.others === undefined) return '';
  const { promised, measured } = outcome;
  const lines = Object.entries(measured.others ?? {}).map(
    ([name, values]) => `| ${cell(name)} | ${withSpread(spreadOf(values))} |`,
  );
  return `## ${promised.row}: ${promised.figure}\n\n| | ${promised.unit} |\n|---|---|\n${lines.join('\n')}\n`;
}

/** The same note of several rows stands once. */
function notesOf(outcomes: readonly Outcome[]): string[] {
  const rowsByNote = new Map<string, string[]>();
  for (const outcome of outcomes) {
    const notes = 'failure' in outcome ? [`Not measured: ${outcome.failure}`] : outcome.measured.notes;
    for (const note of notes) rowsByNote.set(note, [...(rowsByNote.get(note) ?? []), outcome.promised.row]);
  }
  return [...rowsByNote].map(([note, rows]) => `- **${rows.join(', ')}**: ${note.replaceAll(/\s+/g, ' ')}`);
}

function withSpread({ median, least, most }: Spread): string {
  return `${rounded(median)} [${rounded(least)} – ${rounded(most)}]`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
