import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { newId } from '../database/ids';
import { encodePublicId } from '../domain/public-id';
import { createPasswordHasher } from '../identity/password-hasher';
import type { Demo, DemoPerson } from './demo-file';
import { insertDemo } from './insert-demo';

/**
 * Makes sure that the demo is in the database and in `demo.json`, and that both say the same. The file is written
 * first: a process that dies in between finds it at the next start and inserts the very same rows.
 */
export async function seedDemo(source: DataSource, dataDirectory: string, graphqlUrl: string): Promise<Demo> {
  const file = join(dataDirectory, 'demo.json');
  const demo = { ...(readDemo(file) ?? newDemo()), graphqlUrl };
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
  renameSync(temporary, file);
  // Random passwords of 96 bits need no stretching, and four full ones would double the time of the first start.
  await insertDemo(source, demo, createPasswordHasher({ cost: 2 ** 12 }));
  return demo;
}

function readDemo(file: string): Demo | null {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo) : null;
}

function newDemo(): Omit<Demo, 'graphqlUrl'> {
  return {
    workspaceId: encodePublicId('workspace', newId()),
    organizationId: encodePublicId('organization', newId()),
    agentId: encodePublicId('agent', newId()),
    agentPublicKey: `pk_${randomBytes(18).toString('base64url')}`,
    owner: person('olivia'),
    operators: [person('ada'), person('ben')],
    settingsMember: person('sam'),
  };
}

function person(name: string): DemoPerson {
  return {
    email: `${name}@demo.example`,
    password: randomBytes(12).toString('base64url'),
    userId: encodePublicId('user', newId()),
  };
}
