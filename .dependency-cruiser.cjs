'use strict';

/**
 * Who may import whom inside src/. A folder that is not listed here is itself a violation.
 * `migrations` opens the folder of that name at the top, which is closed to everybody else.
 * `types` may be imported with `import type` alone; `files` are single files of a folder that is otherwise closed.
 * The roots (files directly in src/) and `process`, where they are put together, may import everything; no other
 * folder imports them.
 */
const directions = {
  domain: {},
  config: {},
  entities: { folders: ['domain'] },
  database: { folders: ['config', 'domain', 'entities', 'tracing'], migrations: true },
  outgoing: { folders: ['domain'] },
  embedded: {},
  // Which request something is done for, and its span: asked and told from everywhere.
  tracing: {},
  // Mails that come in: received, parsed and judged; what becomes of them is told from outside.
  inbound: { folders: ['domain'] },
  // The instruments. Nobody imports them but process/, which connects them with whoever has the figures.
  metrics: {},
  // GraphQL, and nothing of ours: it executes any schema.
  execution: {},
  // What would wait anyway is done together: a queue and no I/O of its own.
  lanes: {},
  identity: { folders: ['domain'] },
  commands: {
    folders: ['domain', 'entities', 'database', 'identity', 'lanes'],
    types: ['jobs'],
    files: ['outgoing/check-[^/]+'],
  },
  // Files on their way: cut into pieces, looked at, stored and read.
  attachments: { folders: ['domain', 'database', 'commands'] },
  queries: { folders: ['domain', 'entities', 'database', 'identity', 'lanes'] },
  schema: { folders: ['domain'] },
  presenters: { folders: ['domain', 'schema'], types: ['entities'] },
  realtime: { folders: ['config', 'domain', 'database', 'queries'] },
  jobs: { folders: ['config', 'domain', 'database', 'queries', 'tracing'] },
  // Who has called how often. It is asked from one place (server/), and asks nothing back.
  limits: { folders: ['config', 'domain', 'lanes'] },
  delivery: { folders: ['config', 'domain', 'outgoing'] },
  responders: { folders: ['config', 'domain', 'outgoing'] },
  resolvers: {
    folders: ['domain', 'schema', 'presenters', 'commands', 'queries', 'realtime'],
    types: ['database', 'entities', 'identity', 'limits'],
  },
  workers: {
    folders: [
      'domain',
      'database',
      'entities',
      'commands',
      'queries',
      'jobs',
      'limits',
      'realtime',
      'delivery',
      'responders',
    ],
  },
  // For the person who runs the server: rows of every workspace, without a principal.
  admin: { folders: ['config', 'domain', 'entities', 'database', 'identity', 'commands', 'queries', 'process'] },
  // Plays the demo from outside, through the public API alone.
  tour: { folders: ['config'] },
  server: {
    folders: [
      'attachments',
      'config',
      'domain',
      'execution',
      'identity',
      'lanes',
      'limits',
      'schema',
      'resolvers',
      'queries',
      'realtime',
      'database',
      'tracing',
    ],
  },
};

/** Packages that stay in the folders named: exchanging one is then work in one place. Roots wire them up. */
const packagesAtHome = {
  '@apollo/server': ['server'],
  'altair-static': ['server'],
  'graphql-ws': ['server', 'tour'],
  // database/ runs the package's own migrations.
  bullmq: ['database', 'jobs', 'workers'],
  nodemailer: ['delivery'],
  handlebars: ['delivery'],
  'smtp-server': ['inbound'],
  mailparser: ['inbound'],
  'rate-limiter-flexible': ['limits'],
  'web-push': ['delivery'],
  openai: ['responders'],
  jose: ['identity'],
  'magic-bytes.js': ['attachments'],
  'prom-client': ['metrics'],
  '@opentelemetry/api': ['tracing'],
};

const anyOf = (names) => `^src/(${names.join('|')})/`;

const directionRules = Object.entries(directions).flatMap(([folder, allowed]) => {
  const { folders = [], types = [], files = [], migrations = false } = allowed;
  const open = [anyOf([folder, ...folders, ...types]), ...files.map((file) => `^src/${file}\\.ts$`)];
  if (migrations) open.push('^migrations/');
  const rules = [
    {
      name: `direction-of-${folder}`,
      comment: `${folder}/ may import ${[...folders, ...types, ...files].join(', ') || 'no other folder'}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^(src|test|scripts|bench|migrations)/', pathNot: open },
    },
  ];
  if (types.length > 0) {
    rules.push({
      name: `types-only-of-${folder}`,
      comment: `${folder}/ may import only types from ${types.join(', ')}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: anyOf(types), dependencyTypesNot: ['type-only'] },
    });
  }
  return rules;
});

const homeRules = Object.entries(packagesAtHome).map(([name, folders]) => ({
  name: `home-of-${name
    .replace(/[^a-z]+/g, ' ')
    .trim()
    .replaceAll(' ', '-')}`,
  comment: `the package ${name} is imported in ${folders.join(', ')} only`,
  severity: 'error',
  from: { path: '^src/[^/]+/', pathNot: anyOf(folders) },
  to: { path: `(^|/)node_modules/${name}/` },
}));

module.exports = {
  forbidden: [
    ...directionRules,
    ...homeRules,
    {
      name: 'known-folders',
      comment: 'every folder of src/ has its line in the table of directions',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: anyOf([...Object.keys(directions), 'process']) },
      to: {},
    },
    {
      name: 'domain-is-pure',
      comment: 'domain/ imports no package and nothing of Node: rules without I/O',
      severity: 'error',
      from: { path: '^src/domain/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'] },
    },
    {
      name: 'config-knows-zod-alone',
      severity: 'error',
      from: { path: '^src/config/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg'],
        pathNot: '/node_modules/zod/|^node_modules/zod/',
      },
    },
    {
      name: 'roots-are-roots',
      comment: 'a composition root is started, not imported',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/[^/]+\\.ts$' },
    },
    {
      name: 'no-development-packages',
      comment: 'what src/ imports is installed in production',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      comment: 'imported by nobody and importing nothing: forgotten',
      severity: 'error',
      from: { orphan: true, pathNot: '^src/[^/]+\\.ts$' },
      to: {},
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['node', 'require', 'default', 'types'] },
  },
};
