import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { createDataSource } from '../../src/database/data-source';
import { migrateDatabase } from '../../src/database/migrate';
import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';
import { explainList, type Explained } from './explain-list';
import { type DataSize, type FilledWorkspace, fillDatabase } from './fill';
import { measuredLists } from './lists';
import { listsBeside } from './lists-beside';
import { report, type Column } from './explain-report';

/** `npm run bench:explain`: fills a PostgreSQL of its own, and tells how each list of the API is read from it. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      conversations: { type: 'string', default: '2000,20000' },
      messages: { type: 'string', default: '10' },
      organizations: { type: 'string', default: '8' },
      plans: { type: 'string' },
    },
  });
  const columns: Column[] = [];
  for (const conversations of values.conversations.split(',').map(Number)) {
    const size = {
      conversations,
      messages: conversations * Number(values.messages),
      organizations: Number(values.organizations),
    };
    columns.push({ size, lists: await explainSize(size, values.plans) });
  }
  const text = report(columns);
  writeFileSync(join(__dirname, '..', '..', '..', 'bench', 'EXPLAIN.md'), text);
  console.log(text);
}

async function explainSize(size: DataSize, plansFolder: string | undefined): Promise<Explained[]> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'baton-explain-'));
  const postgres = await startEmbeddedPostgres({ dataDirectory, log: console.error, durable: false });
  try {
    await migrateDatabase(postgres.ownerUrl, postgres.url);
    const superuserUrl = new URL(postgres.ownerUrl);
    superuserUrl.username = 'postgres';
    const superuser = new Client({ connectionString: superuserUrl.href });
    await superuser.connect();
    console.error(`filling ${size.conversations} conversations and ${size.messages} messages …`);
    const filled = await fillDatabase(superuser, size).finally(() => superuser.end());
    return await explainLists(postgres.url, filled, plansFolder);
  } finally {
    await postgres.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  }
}

async function explainLists(url: string, filled: FilledWorkspace, plansFolder?: string): Promise<Explained[]> {
  const source = createDataSource({ url, poolSize: 1, applicationName: 'baton-explain' });
  await source.initialize();
  try {
    const explained: Explained[] = [];
    for (const list of [...measuredLists(filled), ...listsBeside(filled)]) {
      const found = await explainList(source, list);
      if (plansFolder !== undefined) {
        writeFileSync(join(plansFolder, `${list.name.replaceAll(/\W+/g, '-')}.txt`), found.plans.join('\n\n'));
      }
      explained.push(found);
    }
    return explained;
  } finally {
    await source.destroy();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
