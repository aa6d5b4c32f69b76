import 'reflect-metadata';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { createSchema } from './server/build-schema';

const FILE = join(process.cwd(), 'schema.graphql');

/** Writes `schema.graphql`, or with `--check` fails when the committed file is not what the code says. */
async function main(): Promise<void> {
  const printed = `${printSchema(lexicographicSortSchema(await createSchema()))}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, printed);
    return;
  }
  if (readFileSync(FILE, 'utf8') === printed) return;
  process.stderr.write('schema.graphql is not what the code says: run `npm run schema` and commit the file.\n');
  process.exitCode = 1;
}

void main();
