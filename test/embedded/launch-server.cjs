// node launch-server.cjs <launcher.ts> <options as JSON>: a process of its own that runs the launcher, to be killed by a test.
// Prints one JSON object a line: { log }, { url }, { refused } or { queried }.
'use strict';

const { dirname, join } = require('node:path');
const { transformFileSync } = require('@swc/core');

require.extensions['.ts'] = (module, file) => {
  module._compile(
    transformFileSync(file, { configFile: join(__dirname, '..', '..', '.swcrc'), root: dirname(file) }).code,
    file,
  );
};

const [launcher, options] = process.argv.slice(2);
const { startEmbeddedPostgres } = require(launcher);

const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

startEmbeddedPostgres({ ...JSON.parse(options), log: (log) => print({ log }) }).then(
  (server) => {
    process.once('SIGINT', () => void queryAndStop(server));
    process.once('SIGTERM', () => process.exit(0));
    print({ url: server.ownerUrl });
  },
  (error) => {
    print({ refused: `${error.name}: ${error.message}` });
    process.exitCode = 1;
  },
);

async function queryAndStop(server) {
  const client = new (require('pg').Client)({ connectionString: server.ownerUrl });
  await client.connect();
  const { rows } = await client.query('select 42 as answer');
  await client.end();
  await server.stop();
  print({ queried: rows[0].answer });
}
