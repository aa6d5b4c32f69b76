import { join, resolve } from 'node:path';
import { Client, DatabaseError } from 'pg';

import { applicationUrl, NAME, ownerUrl } from './addresses';
import { prepareCluster, readOrMakePassword, SUPERUSER } from './cluster';
import { chooseHome, prepareDataDirectory } from './data-home';
import { lockDirectory } from './directory-lock';
import { EmbeddedPostgresError, errorCode } from './embedded-postgres-error';
import { clearLeftoverServer } from './leftover-server';
import { prepareNativeFolder } from './native-folder';
import { startPostmaster, type Postmaster } from './postmaster';
import { chooseServerAccount } from './server-account';

export interface EmbeddedPostgresOptions {
  /** Made when missing. Holds the cluster, its password and its log; one process at a time may use it. */
  dataDirectory: string;
  /** Told, one line each, what a person would wonder about: a first start, a repair, another place for the files. */
  log: (line: string) => void;
  /** False gives up surviving a power cut, for tests. Default true. */
  durable?: boolean;
  /** A folder, open to the server's account, in which it also listens on a Unix socket: for tests. Default none. */
  socketDirectory?: string;
  /** Folders to keep the database in, tried in order, when we are root and the data directory is closed to other accounts. */
  readablePlaces?: readonly string[];
}

export interface EmbeddedPostgres {
  /** Of the database `baton`, for the role that Baton runs as. `migrateDatabase` makes it. */
  url: string;
  /** The same for a role that owns the database and may make further ones and roles, but is no superuser. */
  ownerUrl: string;
  /** Resolves when the server has ended: after `stop`, or before it when somebody killed it. */
  ended: Promise<void>;
  /** Stops the server in good order and frees the data directory. Safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that comes with `@embedded-postgres/<platform>` on a free port of 127.0.0.1.
 * Works as root (the server then runs as `nobody`, or as the owner of an existing cluster) and as an ordinary user, and after this
 * process or the server was killed. When this process is killed the server lives on until the next start finds it.
 * @throws EmbeddedPostgresError with one line for the person at the terminal.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const path = resolve(options.dataDirectory);
  try {
    const dataDirectory = await prepareDataDirectory(path);
    const lock = await lockDirectory(dataDirectory);
    try {
      const { postmaster, password } = await startServer({ ...options, dataDirectory });
      const { port } = postmaster;
      const stop = async (): Promise<void> => {
        await postmaster.stop();
        await lock.release();
      };
      return { url: applicationUrl(port, password), ownerUrl: ownerUrl(port, password), ended: postmaster.ended, stop };
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw explain(error, path);
  }
}

async function startServer(options: EmbeddedPostgresOptions): Promise<{ postmaster: Postmaster; password: string }> {
  const { dataDirectory, readablePlaces, log, durable = true, socketDirectory = '' } = options;
  const likelyCluster = join(dataDirectory, 'postgres');
  const account = await chooseServerAccount(likelyCluster);
  const home = await chooseHome({ dataDirectory, account, readablePlaces, log });
  const cluster = join(home, 'postgres');
  const native = await prepareNativeFolder(home, account);
  const password = await readOrMakePassword(dataDirectory);
  await clearLeftoverServer(cluster, log);
  await prepareCluster({ home, cluster, native, account, password });
  const logFile = join(dataDirectory, 'postgres.log');
  const postmaster = await startPostmaster({ native, cluster, account, durable, socketDirectory, logFile, log });
  try {
    await prepareDatabase(postmaster.port, password);
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
  return { postmaster, password };
}

async function prepareDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ host: '127.0.0.1', port, user: SUPERUSER, password, database: SUPERUSER });
  await client.connect();
  try {
    const roles = await client.query('select from pg_roles where rolname = $1', [NAME]);
    // The password is hexadecimal, of our own making; DDL takes no parameters.
    if (roles.rowCount === 0) await client.query(`create role ${NAME} login password '${password}'`);
    await client.query(`alter role ${NAME} createdb createrole`);
    const databases = await client.query('select from pg_database where datname = $1', [NAME]);
    if (databases.rowCount === 0) await client.query(`create database ${NAME} owner ${NAME}`);
  } finally {
    await client.end();
  }
}

function explain(error: unknown, dataDirectory: string): unknown {
  if (error instanceof EmbeddedPostgresError) return error;
  const code = errorCode(error);
  if (error instanceof DatabaseError && code === '28P01') {
    return new EmbeddedPostgresError(
      `The database in ${dataDirectory} does not accept the password in ${join(dataDirectory, 'postgres-password')}: put the old one back.`,
      { cause: error },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new EmbeddedPostgresError(
      `The data directory ${dataDirectory} is not ours to use (${code}): set BATON_DATA_DIR to another folder, or start as the account that made it.`,
      { cause: error },
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') {
    return new EmbeddedPostgresError(
      `The data directory ${dataDirectory} is not a folder: set BATON_DATA_DIR to another path.`,
      {
        cause: error,
      },
    );
  }
  return error;
}
