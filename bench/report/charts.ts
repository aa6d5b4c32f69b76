import { spreadOf } from '../arithmetic';
import type { Measured, Outcome } from '../promises';
import { type Bar, drawBars } from './bar-chart';

export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** The pictures that what was measured is enough for. */
export function chartsOf(outcomes: readonly Outcome[]): Chart[] {
  const measured = new Map<string, Measured>();
  for (const outcome of outcomes) if ('measured' in outcome) measured.set(outcome.promised.row, outcome.measured);
  const others = (row: string): Bar[] =>
    Object.entries(measured.get(row)?.others ?? {}).map(([label, values]) => ({
      label,
      spread: spreadOf(values),
      isOurs: label === 'Baton' || row === 'inbox',
    }));
  const pair = (row: string, what: string, rival: string): Bar[] => {
    const rounds = measured.get(row)?.rounds;
    if (rounds === undefined) return [];
    return [
      { label: `Baton, ${what}`, spread: spreadOf(rounds.map((round) => round.ours)), isOurs: true },
      { label: `${rival}, ${what}`, spread: spreadOf(rounds.map((round) => round.rival)), isOurs: false },
    ];
  };
  return [
    {
      file: 'fan-out.svg',
      title: 'One event to 1000 open dashboards',
      unit: 'CPU µs of the server a delivery, less is better',
      bars: others('fan-out-textbook').sort((one, other) => one.spread.median - other.spread.median),
    },
    {
      file: 'end-to-end.svg',
      title: 'From 64 senders over HTTP to all open dashboards',
      unit: 'messages a second, more is better',
      bars: [1, 50, 500].flatMap((count) => pair(`end-to-end-${count}`, `${count} open`, 'textbook')),
    },
    {
      file: 'sends.svg',
      title: 'Messages of 64 senders, committed',
      unit: 'a second, more is better',
      bars: [
        ...pair('commit-many', 'many conversations', 'one statement'),
        ...pair('commit-one', 'one conversation', 'one statement'),
        ...pair('send-http', 'over HTTP', 'textbook'),
      ],
    },
    {
      file: 'inbox.svg',
      title: 'A page of 50 conversations over HTTP, by the size of the organization',
      unit: 'p50 in ms, less is better',
      bars: others('inbox'),
    },
  ]
    .filter(({ bars }) => bars.length > 0)
    .map(({ file, ...chart }) => ({ file, title: chart.title, svg: drawBars(chart) }));
}
