import type { Outcome } from '../../bench/promises';
import { PROMISES } from '../../bench/promises';
import { drawBars } from '../../bench/report/bar-chart';
import { chartsOf } from '../../bench/report/charts';
import { jsonLine } from '../../bench/report/json-line';
import { renderResults } from '../../bench/report/results';
import { rowLine } from '../../bench/report/row-line';

const promiseOf = (row: string): Outcome['promised'] => PROMISES.find((one) => one.row === row)!;
const fanOut: Outcome = {
  promised: promiseOf('fan-out-textbook'),
  measured: {
    rounds: [
      { ours: 14.4321, rival: 119 },
      { ours: 12, rival: 120 },
      { ours: 16, rival: 118 },
    ],
    notes: ['Sends are taken off.'],
    others: { Baton: [14.4321, 12, 16], textbook: [119, 120, 118], 'ws.send(string)': [21, 20, 22] },
  },
};
const stall: Outcome = {
  promised: promiseOf('stall'),
  measured: { rounds: [{ ours: 50, rival: 1840 }], notes: ['Sends are taken off.'] },
};
const broken: Outcome = { promised: promiseOf('memory'), failure: 'the server | has\nended' };

describe('jsonLine', () => {
  it('has exactly what is asked for, rounded to three figures', () => {
    expect(JSON.parse(jsonLine(fanOut))).toEqual({
      row: 'fan-out-textbook',
      ours: 14.4,
      rival: 119,
      unit: 'CPU µs a delivery',
      ratio: 8.25,
      promise: '≥ 8 ×',
      holds: true,
    });
  });

  it('makes up no number for what was not measured, and says why it does not hold', () => {
    expect(JSON.parse(jsonLine(broken))).toEqual({
      row: 'memory',
      ours: null,
      rival: null,
      unit: 'resident KiB',
      ratio: null,
      promise: '≤ 0.5 ×',
      holds: false,
      reason: 'the server | has\nended',
    });
  });

  it('is one line, whatever the reason holds', () => {
    expect(jsonLine(broken)).not.toContain('\n');
  });
});

describe('rowLine', () => {
  it('tells a person what holds and what does not', () => {
    expect(rowLine(fanOut)).toBe(
      '✓ fan-out-textbook: 14.4 against 119 CPU µs a delivery (textbook), ratio 8.25, promise ≥ 8 ×',
    );
    expect(rowLine(stall)).toMatch(/^✗ stall: 50 against 1840 ms/);
    expect(rowLine(broken)).toMatch(/^✗ memory: not measured/);
  });
});

describe('renderResults', () => {
  const outcomes = [fanOut, stall, broken];
  const text = renderResults({
    outcomes,
    facts: [['Node', 'v20']],
    charts: chartsOf(outcomes),
    date: new Date('2026-11-26T06:00:00Z'),
  });
  const line = (row: string): string => text.split('\n').find((one) => one.startsWith(`| ${row} |`))!;

  it('has a line for each row, with spread, promise, floor and verdict', () => {
    expect(line('fan-out-textbook')).toBe(
      '| fan-out-textbook | one event to 1000 dashboards | 14.4 [12 – 16] | 119 [118 – 120] (textbook) | CPU µs a delivery | 8.25 [7.38 – 10] | ≥ 8 × | ≥ 5 × | yes |',
    );
    expect(line('stall')).toContain('| ≤ 15 ms | ≤ 40 ms | **no, below the floor** |');
    expect(line('memory')).toContain('| not measured | textbook | resident KiB | – |');
  });

  it('tells the machine, the day, the other servers and the reasons', () => {
    expect(text).toContain('| Node | v20 |');
    expect(text).toContain('2026-11-26');
    expect(text).toContain('| ws.send(string) | 21 [20 – 22] |');
    expect(text).toContain('- **memory**: Not measured: the server | has ended');
  });

  it('says a note of two rows once', () => {
    expect(text).toContain('- **fan-out-textbook, stall**: Sends are taken off.');
  });

  it('shows the charts that there are figures for', () => {
    expect(text).toContain('![One event to 1000 open dashboards](charts/fan-out.svg)');
    expect(text).not.toContain('end-to-end.svg');
  });
});

describe('drawBars', () => {
  const svg = drawBars({
    title: 'A & B',
    unit: 'ms',
    bars: [
      { label: '<ours>', spread: { median: 10, least: 8, most: 12 }, isOurs: true },
      { label: 'rival', spread: { median: 40, least: 30, most: 60 }, isOurs: false },
    ],
  });

  it('makes bars in proportion to their figures, ours in a colour of its own', () => {
    const widths = [...svg.matchAll(/class="(ours|rival)"[^>]* width="([\d.]+)"/g)];
    expect(widths.map(([, kind]) => kind)).toEqual(['ours', 'rival']);
    expect(Number(widths[1]![2]) / Number(widths[0]![2])).toBeCloseTo(4, 1);
  });

  it('can be read on a dark page as well', () => {
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
  });

  it('escapes what it is given', () => {
    expect(svg).toContain('&lt;ours&gt;');
    expect(svg).toContain('A &amp; B');
    expect(svg).not.toContain('<ours>');
  });
});
