import type { EntityManager } from 'typeorm';
import type { Database } from '../database/database';
import type { Read, Scope } from '../database/scope';
import { type ClientFacts, NOWHERE, type Principal, type UserPrincipal, type VisitorPrincipal } from '../domain/actor';
import type { BrandLayer } from '../domain/branding';
import type { AttachmentLinkKind } from '../domain/attachment/attachment-link';
import type { AttachedFile } from '../domain/attachment/attached-file';
import type { AttachmentLimits } from '../domain/attachment/check-attachment';
import type { MailTokens } from '../domain/mail-token';
import type { MailSettingsDependencies } from '../commands/mail-settings/update-workspace-mail-settings';
import type { SendTestMailDependencies } from '../commands/mail-settings/send-test-mail';
import { Loaders } from '../queries/loaders';
import { type RowReading, WHOLE_ROWS } from '../queries/read-columns';
import { encodeCursor } from '../realtime/cursor';
import type { HintBus } from '../realtime/hints';
import type { PasswordHasher } from '../identity/password-hasher';
import type { LimitReached, RateLimits } from '../limits/rate-limits';
import type { Hub } from '../realtime/hub';
import type { Presence } from '../realtime/presence';
import { unauthenticated } from './request-errors';

/** Makes an address of a file that is good for a while, and for whoever has it. */
export type AttachmentLinks = (
  kind: AttachmentLinkKind,
  workspaceId: string,
  file: Pick<AttachedFile, 'id' | 'byteSize'>,
) => { readonly url: string; readonly expiresAt: Date };

/** What all requests of a process share. */
export interface App
  extends
    Pick<MailSettingsDependencies, 'checkMailServer' | 'allowsLoopback'>,
    Pick<SendTestMailDependencies, 'probeMail'> {
  readonly database: Database;
  /** For one request: its reads, each in a transaction that sees the rows of its scope alone. */
  shareReads(): (scope: Scope) => Read;
  readonly hub: Hub;
  readonly hints: HintBus;
  readonly presence: Presence;
  readonly vapidPublicKey: string;
  /** The last layer of every brand. */
  readonly serverBrand: BrandLayer;
  /** Hosts of this server, which nobody may set: its own brand belongs there. */
  readonly reservedHosts: readonly string[];
  /** What a URL that the server will call is checked with, before it is saved. */
  checkTarget(url: string): Promise<{ readonly message: string } | null>;
  checkPushKeys(p256dh: string, auth: string): boolean;
  /** Encrypts a secret for the one row that `place` names. */
  sealSecret(clear: string, place: string): string;
  /** The secret in clear; null when no key of this server opens it. */
  openSecret(stored: string, place: string): string | null;
  readonly passwords: PasswordHasher;
  readonly mailTokens: MailTokens;
  /** Whether mails really leave: there is a mail server, or a folder is what a developer wants. */
  readonly canMail: boolean;
  readonly limits: RateLimits;
  readonly attachmentLinks: AttachmentLinks;
  readonly attachmentLimits: AttachmentLimits;
  /** Whose agent it is: the visitors of one organization share limits. Null: it is assigned to none. */
  organizationOfAgent(agentId: string): Promise<string | null>;
}

export type LimitsAsked = Map<string, Promise<LimitReached | null>>;

/** What one operation knows. On a socket it lives as long as the subscription. */
export class RequestContext {
  private current: Principal | null;
  /** Made when a field asks for one: that is 16 KB and 20 µs, and a message is sent without any. */
  private loadersOfCurrent: Loaders | null = null;
  private readonly begunAt: { readonly logId: string; readonly position: number };

  constructor(
    readonly app: App,
    principal: Principal | null,
    readonly request: RequestFacts,
    private readonly cache: boolean,
    readonly reading: RowReading = WHOLE_ROWS,
    /** What the limits have said of each root field, by its name in the answer, where the operation may be executed again. */
    readonly limitsAsked: LimitsAsked | null = null,
  ) {
    const { logId, position } = app.hub.tail;
    this.readOf = app.shareReads();
    this.current = principal;
    this.begunAt = { logId, position };
  }

  /** Reads within a scope that something else than the principal decides, such as a public key. */
  readonly readOf: (scope: Scope) => Read;

  /**
   * Where the log stood before anything of this operation was read. Whatever is not in what it reads comes after this
   * position, so a client that subscribes `after` it misses nothing, in whichever order the fields are resolved.
   */
  get streamCursor(): string {
    return encodeCursor(this.begunAt.logId, this.begunAt.position);
  }

  get principal(): Principal | null {
    return this.current;
  }

  get loaders(): Loaders {
    this.loadersOfCurrent ??= new Loaders(this.readOf, this.current, this.cache, this.reading);
    return this.loadersOfCurrent;
  }

  /** Reads rows of the principal's tenant, in a transaction of its own. */
  read<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.readOf(signedIn(this))(work);
  }

  /** For the same caller, from the beginning: nothing is known yet, and rows are read that way. */
  anew(reading: RowReading, limitsAsked: LimitsAsked | null = null): RequestContext {
    return new RequestContext(this.app, this.current, this.request, this.cache, reading, limitsAsked);
  }

  /** After a sign-in: the rest of the operation is answered to whoever has just signed in. */
  actAs(principal: Principal): void {
    this.current = principal;
    this.loadersOfCurrent = null;
  }
}

/** What the transport tells of a request. */
export interface RequestFacts extends ClientFacts {
  readonly origin: string | null;
  /** Closes the socket of a subscription; does nothing on HTTP. */
  closeSocket(code: number, reason: string): void;
}

/** For what is executed for many at once: it has come over no connection in particular. */
export const NO_REQUEST: RequestFacts = { ...NOWHERE, origin: null, closeSocket: () => undefined };

export function signedIn(context: RequestContext): Principal {
  if (context.principal === null) throw unauthenticated();
  return context.principal;
}

export function userOf(context: RequestContext): UserPrincipal | null {
  const principal = signedIn(context);
  return principal.kind === 'USER' ? principal : null;
}

export function visitorOf(context: RequestContext): VisitorPrincipal | null {
  const principal = signedIn(context);
  return principal.kind === 'VISITOR' ? principal : null;
}

/** Id of the session that the request came with; null for visitors and keys. */
export function sessionIdOf(principal: Principal): string | null {
  return principal.kind === 'USER' ? principal.sessionId : null;
}
