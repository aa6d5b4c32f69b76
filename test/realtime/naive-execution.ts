import { execute, type ExecutionResult, type GraphQLSchema, parse } from 'graphql';
import { pino } from 'pino';
import { SERVER, read } from '../../src/database/scope';
import type { LoggedEvent } from '../../src/domain/events';
import { type Principal } from '../../src/domain/actor';
import { createApp } from '../../src/process/app';
import { startCore } from '../../src/process/core';
import { authenticate } from '../../src/queries/authenticate';
import { readEventsAfter } from '../../src/queries/read-events';
import { encodeCursor } from '../../src/realtime/cursor';
import { RequestContext } from '../../src/resolvers/request-context';
import { createSchema } from '../../src/server/build-schema';
import type { TestApi } from '../support/api';

/** What each viewer has to be shown, the slow and simple way: everything for everybody alone, with nothing shared. */
export interface NaiveExecution {
  principalOf(token: string): Promise<Principal>;
  /** Everything in the log after `position`. */
  eventsAfter(position: number): Promise<readonly LoggedEvent[]>;
  topOfLog(): Promise<number>;
  /** The payload of the `next` message of one event for one viewer. */
  payloadOf(
    operation: { readonly document: string; readonly variables: Readonly<Record<string, unknown>> },
    principal: Principal,
    event: LoggedEvent,
  ): Promise<ComparablePayload>;
  stop(): Promise<void>;
}

/** Data as it is in JSON, and where there were errors. */
export interface ComparablePayload {
  readonly data: unknown;
  readonly errors: readonly string[];
}

/** On the same database, with a pool of its own. */
export async function startNaiveExecution(api: TestApi): Promise<NaiveExecution> {
  const core = await startCore(api.core.config, pino({ level: 'silent' }), api.core.databaseUrl);
  const app = await createApp(core, () => 'http://localhost');
  const schema: GraphQLSchema = await createSchema();
  const { source } = core.database;
  const page = (position: number) => read(source, SERVER, (manager) => readEventsAfter(manager, position, 1000));
  const facts = { address: null, userAgent: null, origin: null, closeSocket: () => undefined };
  return {
    principalOf: async (token) => (await authenticate(source, `Bearer ${token}`))!,
    eventsAfter: async (position) => (await page(position)).events,
    topOfLog: async () => (await page(Number.MAX_SAFE_INTEGER)).top,
    payloadOf: async ({ document, variables }, principal, event) => {
      const result = await execute({
        schema,
        document: parse(document),
        rootValue: { kind: 'EVENT', cursor: encodeCursor(core.tail.logId, event.position), event },
        contextValue: new RequestContext(app, principal, facts, false),
        variableValues: variables,
      });
      return comparable(JSON.parse(JSON.stringify(result)) as ExecutionResult);
    },
    stop: async () => {
      await app.presence.stop();
      await app.limits.stop();
      await core.stop();
    },
  };
}

/** The words of an error are another's to test: one that is not the caller's fault has an id of its own each time. */
export function comparable(result: {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
}): ComparablePayload {
  const errors = (result.errors ?? []) as readonly { readonly path?: readonly (string | number)[] }[];
  return { data: result.data ?? null, errors: errors.map(({ path }) => (path ?? []).join('.')).sort() };
}
