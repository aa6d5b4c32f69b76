import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/start-embedded-postgres';

/** PostgreSQL with its default promises about commits, which can be crashed and comes back on another port. */
export class DatabaseServer {
  private constructor(
    private readonly dataDirectory: string,
    private server: EmbeddedPostgres,
    private readonly onPort: (port: number | null) => void,
  ) {
    onPort(this.port);
  }

  static async start(dataDirectory: string, onPort: (port: number | null) => void): Promise<DatabaseServer> {
    return new DatabaseServer(dataDirectory, await startServer(dataDirectory), onPort);
  }

  /** Past every link, as the one who sees all rows: what the run reads at its end. */
  get superuserUrl(): string {
    // The embedded cluster has one password.
    const url = new URL(this.server.ownerUrl);
    url.username = 'postgres';
    return url.href;
  }

  get ownerUrl(): string {
    return this.server.ownerUrl;
  }

  get applicationUrl(): string {
    return this.server.url;
  }

  /** What `pg_ctl restart -m immediate` does: every backend is cut, and the journal is replayed at the start. */
  async crash(awayMs: number): Promise<void> {
    const { ended } = this.server;
    const pid = Number.parseInt(readFileSync(join(this.dataDirectory, 'postgres', 'postmaster.pid'), 'utf8'), 10);
    this.onPort(null);
    process.kill(pid, 'SIGQUIT');
    await ended;
    await this.server.stop();
    await delay(awayMs);
    this.server = await startServer(this.dataDirectory);
    this.onPort(this.port);
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }

  private get port(): number {
    return Number(new URL(this.server.url).port);
  }
}

/** Durable: what a client was told must be there after a crash. */
function startServer(dataDirectory: string): Promise<EmbeddedPostgres> {
  return startEmbeddedPostgres({ dataDirectory, log: () => undefined, durable: true });
}
