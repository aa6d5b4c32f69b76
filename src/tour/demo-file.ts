import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TourError } from './tour-error';

const person = z.object({ email: z.string(), password: z.string(), userId: z.string() });

const demoFile = z.object({
  graphqlUrl: z.url(),
  workspaceId: z.string(),
  organizationId: z.string(),
  agentId: z.string(),
  agentPublicKey: z.string(),
  owner: person,
  operators: z.tuple([person, person]),
});

/** What the tour needs of `demo.json`; the ids are public ids. */
export type DemoFile = z.infer<typeof demoFile>;
export type DemoLogin = z.infer<typeof person>;

/** @throws TourError when `npm start` has not written the file, or something else has. */
export function readDemoFile(dataDirectory: string): DemoFile {
  const file = join(dataDirectory, 'demo.json');
  const parsed = demoFile.safeParse(parse(read(file)));
  if (parsed.success) return parsed.data;
  throw new TourError(`${file} is not what \`npm start\` writes. Delete the data directory and start again.`);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new TourError(`there is no demo to play in: ${file} cannot be read. Start it with \`npm start\` first.`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
