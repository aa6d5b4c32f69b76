import type { MailServer } from '../../domain/mail-server';
import type { MailServers } from '../../outgoing/mail-servers';
import { MailPostponed, MailServerFailed } from './mail-errors';
import { MailSlots } from './mail-slots';
import type { MailLog, MailTransport } from './mail-transport';
import type { OutgoingMail } from './outgoing-mail';
import { createWorkspaceSender } from './workspace-sender';

/** A mail server as a workspace has it now. */
export interface WorkspaceServer extends MailServer {
  readonly workspaceId: string;
  /** Another one with every change of the settings. */
  readonly version: number;
}

/** Mail through the servers of workspaces. */
export interface WorkspaceMail {
  /**
   * @throws MailPostponed (nothing was tried), MailServerFailed (the server cannot be used), and what MailTransport throws
   */
  send(server: WorkspaceServer, mail: OutgoingMail): Promise<{ detail: string }>;
  /** Waits for mails that are being sent. */
  close(): Promise<void>;
}

export interface WorkspaceMailOptions {
  readonly servers: Pick<MailServers, 'connect'>;
  readonly log: MailLog;
  /** Mails that one workspace may have on their way at the same time in this process; as many may wait. */
  readonly perWorkspace: number;
  /** Servers that are kept open at the same time; 100 unless told. */
  readonly maxServers?: number;
  /** How long a server that nobody needs is kept open; a minute unless told. */
  readonly idleMs?: number;
  /** How long a server that has failed is left alone; 15 s unless told. */
  readonly restMs?: number;
  /** See `MailSlotsOptions`; a second unless told. */
  readonly slowMs?: number;
}

interface Entry {
  readonly version: number;
  readonly transport: MailTransport;
  readonly slots: MailSlots;
  idle: NodeJS.Timeout | null;
  /** Why it failed last, and until when it is left alone. */
  failure: { readonly reason: string; readonly until: number } | null;
}

/**
 * One small pool of connections for each workspace that has mail to send, opened when it is needed and closed when it is
 * not, or when its settings have changed. One that is slow or dead costs the others nothing but a bounded part of the
 * workers: see MailSlots.
 */
export function createWorkspaceMail(options: WorkspaceMailOptions): WorkspaceMail {
  const { servers, log, perWorkspace, maxServers = 100, idleMs = 60_000, restMs = 15_000, slowMs = 1000 } = options;
  // In the order in which they were used last.
  const entries = new Map<string, Entry>();
  const closing = new Set<Promise<void>>();

  const drop = (workspaceId: string, entry: Entry): void => {
    if (entry.idle !== null) clearTimeout(entry.idle);
    if (entries.get(workspaceId) === entry) entries.delete(workspaceId);
    const closed = entry.transport.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };

  const open = (server: WorkspaceServer): Entry => {
    const { workspaceId, version } = server;
    const known = entries.get(workspaceId);
    // A mail that read its settings before they changed must not bring the old ones back.
    if (known !== undefined && known.version >= version) {
      entries.delete(workspaceId);
      entries.set(workspaceId, known);
      return known;
    }
    if (known !== undefined) drop(workspaceId, known);
    if (entries.size >= maxServers) makeRoom();
    const entry: Entry = {
      version,
      transport: createWorkspaceSender({ server, servers, maxConnections: perWorkspace, log }),
      slots: new MailSlots({ sending: perWorkspace, waiting: perWorkspace, slowMs }),
      idle: null,
      failure: null,
    };
    entries.set(workspaceId, entry);
    return entry;
  };

  const makeRoom = (): void => {
    const unused = [...entries].find(([, { slots }]) => slots.isIdle);
    if (unused === undefined) throw new MailPostponed('Too many mail servers are in use already.');
    drop(...unused);
  };

  const rest = (workspaceId: string, entry: Entry): void => {
    if (entry.idle !== null) clearTimeout(entry.idle);
    entry.idle = setTimeout(() => entry.slots.isIdle && drop(workspaceId, entry), idleMs);
    entry.idle.unref();
  };

  return {
    async send(server, mail) {
      const entry = open(server);
      try {
        return await entry.slots.through(() => attempt(entry, mail, restMs));
      } finally {
        if (entries.get(server.workspaceId) === entry) rest(server.workspaceId, entry);
      }
    },
    async close() {
      for (const [workspaceId, entry] of entries) drop(workspaceId, entry);
      await Promise.all(closing);
    },
  };
}

/** Nobody knocks at a door for each of a thousand mails that has just been shut. */
async function attempt(entry: Entry, mail: OutgoingMail, restMs: number): Promise<{ detail: string }> {
  if (entry.failure !== null && entry.failure.until > performance.now()) {
    throw new MailServerFailed(entry.failure.reason);
  }
  try {
    const sent = await entry.transport.send(mail);
    entry.failure = null;
    return sent;
  } catch (error) {
    if (error instanceof MailServerFailed) {
      entry.failure = { reason: error.message, until: performance.now() + restMs };
    }
    throw error;
  }
}
