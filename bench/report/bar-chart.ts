import type { Spread } from '../arithmetic';
import { rounded } from './json-line';

export interface Bar {
  readonly label: string;
  readonly spread: Spread;
  readonly isOurs: boolean;
}

export interface BarChart {
  readonly title: string;
  /** Of the figures, and which way is better: `CPU µs a delivery, less is better`. */
  readonly unit: string;
  readonly bars: readonly Bar[];
}

const [WIDTH, LABELS, FIGURES, ROW, TOP] = [720, 210, 90, 30, 58];
/** Readable on white and on black, and for people who do not tell red from green: blue against grey. */
const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2328 } .title { font-weight: 600; font-size: 15px } .unit { fill: #59636e }
.ours { fill: #0969da } .rival { fill: #8c959f } .spread { stroke: #1f2328; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .unit { fill: #9198a1 } .ours { fill: #4493f8 } .rival { fill: #656c76 } .spread { stroke: #e6edf3 } }`;

/** Horizontal bars from zero, each as long as its median, with a line from its least to its most round. */
export function drawBars({ title, unit, bars }: BarChart): string {
  const height = TOP + bars.length * ROW + 12;
  const longest = Math.max(...bars.map(({ spread }) => spread.most));
  const scale = (WIDTH - LABELS - FIGURES) / longest;
  const rows = bars.map(({ label, spread, isOurs }, index) => {
    const y = TOP + index * ROW;
    const [from, to, end] = [spread.least, spread.most, spread.median].map((value) => place(LABELS + value * scale));
    return `<text x="${LABELS - 10}" y="${y + 15}" text-anchor="end">${escaped(label)}</text>
<rect class="${isOurs ? 'ours' : 'rival'}" x="${LABELS}" y="${y}" width="${place(Math.max(1, spread.median * scale))}" height="20" rx="2"/>
<path class="spread" d="M${from} ${y + 10}H${to}"/>
<text x="${Math.max(Number(to), Number(end)) + 8}" y="${y + 15}">${rounded(spread.median)}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escaped(title)}">
<style>${STYLE}</style>
<text class="title" x="12" y="24">${escaped(title)}</text>
<text class="unit" x="12" y="43">${escaped(unit)}</text>
${rows.join('\n')}
</svg>
`;
}

function place(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
