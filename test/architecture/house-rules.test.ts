import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface SourceFile {
  /** Relative to the root of the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

interface HouseRule {
  readonly rule: string;
  readonly isBrokenBy: (file: SourceFile) => boolean;
  /** Files that must be refused: they prove that the rule can fail. */
  readonly refused: readonly SourceFile[];
  /** Near misses that must pass. */
  readonly allowed: readonly SourceFile[];
}

const root = join(__dirname, '../..');

function filesOf(folder: string): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') }));
}

const file = (path: string, text: string): SourceFile => ({ path, text });
const says = (pattern: RegExp) => (one: SourceFile) => pattern.test(one.text);
const outside = (folder: string, isBrokenBy: HouseRule['isBrokenBy']) => (one: SourceFile) =>
  !one.path.startsWith(folder) && isBrokenBy(one);

const rules: readonly HouseRule[] = [
  {
    rule: 'no file is longer than 250 lines',
    isBrokenBy: ({ text }) => text.trimEnd().split('\n').length > 250,
    refused: [file('src/a.ts', '\n'.repeat(250) + 'x')],
    allowed: [file('src/a.ts', '\n'.repeat(249) + 'x\n')],
  },
  {
    rule: 'nothing is left to do in a comment',
    isBrokenBy: says(/\b(TODO|FIXME|XXX|HACK)\b/),
    refused: [file('src/a.ts', '// TODO: later')],
    allowed: [file('src/a.ts', 'const todos = 1;')],
  },
  {
    rule: 'nothing is exported by default',
    isBrokenBy: says(/^\s*export\s+(default\b|\{[^}]*\bas\s+default\b)|^export\s*=/m),
    refused: [file('src/a.ts', 'export default 1;'), file('src/a.ts', 'export { a as default };')],
    allowed: [file('src/a.ts', "// the export default of 'x'\nexport const a = { default: 1 };")],
  },
  {
    rule: 'no check is switched off in a comment, and nothing is typed any',
    isBrokenBy: says(/eslint-disable|@ts-(ignore|nocheck)|\bas any\b|<any[>,]/),
    refused: [file('src/a.ts', 'const a = b as any;'), file('src/a.ts', '// @ts-ignore')],
    allowed: [file('src/a.ts', "filter: 'any visitor'")],
  },
  {
    rule: 'no file or class is named for doing this and that',
    isBrokenBy: ({ path, text }) =>
      /(^|[/.-])(utils?|helpers?|managers?|services?|misc|common)(?=[/.-])/i.test(path) ||
      /\bclass\s+\w*(Utils?|Helpers?|Managers?|Services?)\b/.test(text),
    refused: [
      file('src/commands/handoff-service.ts', ''),
      file('src/utils/a.ts', ''),
      file('src/a.ts', 'class ChatManager {}'),
    ],
    allowed: [file('src/a.ts', 'manager: EntityManager'), file('src/server/serviceable.ts', '')],
  },
  {
    rule: 'only src/config reads the environment',
    isBrokenBy: outside(
      'src/config/',
      says(/\bprocess\??\.env\b|process\[|\benv\b[^;\n]*\}\s*(=\s*process\b|from\s+['"](node:)?process['"])/),
    ),
    refused: [
      file('src/server/a.ts', 'const port = process.env.PORT;'),
      file('src/server/a.ts', "import { env } from 'node:process';"),
      file('src/main.ts', 'const { env } = process;'),
    ],
    allowed: [file('src/config/a.ts', 'process.env'), file('src/server/a.ts', 'process.exit(1); const env = config;')],
  },
  {
    rule: 'only src/jobs puts jobs into a queue',
    isBrokenBy: outside(
      'src/jobs/',
      says(/\.addBulk\s*\(|\bqueues?\b[^;\n]*\.add\s*\(|\bimport\s+(?!type\b)[^;]*[{,]\s*Queue\b[^;]*from\s+'bullmq'/i),
    ),
    refused: [
      file('src/workers/a.ts', "await queue.add('turn', {});"),
      file('src/workers/a.ts', 'await this.queues.turns.add(job);'),
      file('src/workers/a.ts', 'await turns.addBulk(jobs);'),
      file('src/workers/a.ts', "import { Queue, Worker } from 'bullmq';"),
    ],
    allowed: [
      file('src/jobs/a.ts', "await queue.add('turn', {});"),
      file('src/workers/a.ts', "import { Worker } from 'bullmq';\nseen.add(id);"),
    ],
  },
  {
    // Both switch on promise hooks for the whole process: on Node 20 that was about a fifth of the CPU of every request.
    rule: 'nothing follows promises: what belongs to a request is handed on',
    isBrokenBy: says(
      /\b(AsyncLocalStorage|createHook|executionAsyncResource)\b(?=[^;]*\bfrom\s*['"]|\s*[(<])|\bnode:domain\b/,
    ),
    refused: [
      file('src/tracing/a.ts', "import { AsyncLocalStorage } from 'node:async_hooks';"),
      file('src/tracing/a.ts', "import {\n  AsyncResource,\n  createHook,\n} from 'async_hooks';"),
      file('src/tracing/a.ts', 'const storage = new hooks.AsyncLocalStorage<string>();'),
    ],
    allowed: [
      file('src/lanes/a.ts', "import { AsyncResource } from 'node:async_hooks';"),
      file('src/tracing/a.ts', '// an AsyncLocalStorage would find it anywhere'),
    ],
  },
  {
    rule: 'relative imports carry no extension',
    isBrokenBy: says(/from\s+'\.{1,2}\/[^']*\.[cm]?[jt]s'/),
    refused: [file('src/a.ts', "import { a } from './b.js';")],
    allowed: [file('src/a.ts', "import { a } from './b';\nimport { c } from 'graphql-ws/use/ws.js';")],
  },
];

describe.each(rules)('house rule: $rule', ({ isBrokenBy, refused, allowed }) => {
  it.each(refused)('refuses an example that breaks it: $path $text', (example) => {
    expect(isBrokenBy(example)).toBe(true);
  });

  it.each(allowed)('lets a near miss pass: $path', (example) => {
    expect(isBrokenBy(example)).toBe(false);
  });

  it('holds in every file of src', () => {
    const files = filesOf('src');
    expect(files.length).toBeGreaterThan(0);
    expect(files.filter(isBrokenBy).map(({ path }) => path)).toEqual([]);
  });
});
