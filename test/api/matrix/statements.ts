import { AsyncLocalStorage } from 'node:async_hooks';
import { type IncomingMessage, Server } from 'node:http';
import { Client } from 'pg';
import { WebSocket } from 'ws';

export const CELL_HEADER = 'x-cell';

/** The statements that each request causes, in order, without their values: what stands in for its time. */
export interface Statements {
  of(cell: string): readonly string[];
  stop(): void;
}

/**
 * Listens at the driver, where no layer can hide one, and tells requests apart while many of them run: over HTTP by a
 * header, over a socket by the id of the operation.
 */
export function recordStatements(): Statements {
  const cells = new AsyncLocalStorage<string[]>();
  const recorded = new Map<string, string[]>();
  const within = (cell: unknown, work: () => unknown): unknown => {
    if (typeof cell !== 'string') return work();
    const statements: string[] = [];
    recorded.set(cell, statements);
    return cells.run(statements, work);
  };
  const { query } = Client.prototype;
  Client.prototype.query = function (this: Client, ...args: unknown[]): unknown {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text?: unknown } | undefined)?.text;
    if (!String(text).startsWith('set local plan_cache_mode')) cells.getStore()?.push(kindOf(String(text)));
    return Reflect.apply(query, this, args);
  } as typeof query;
  const restore = [
    wrapEmit(Server.prototype, (emit, event, [request]) =>
      event === 'request' ? within((request as IncomingMessage).headers[CELL_HEADER], emit) : emit(),
    ),
    wrapEmit(WebSocket.prototype, (emit, event, [data]) =>
      event === 'message' ? within(subscribedBy(data), emit) : emit(),
    ),
  ];
  return {
    of: (cell) => recorded.get(cell) ?? [],
    stop: () => {
      Client.prototype.query = query;
      for (const undo of restore) undo();
      cells.disable();
    },
  };
}

interface Emitter {
  emit(event: string | symbol, ...args: unknown[]): boolean;
}

function wrapEmit(
  prototype: Emitter,
  around: (emit: () => unknown, event: string | symbol, args: readonly unknown[]) => unknown,
): () => void {
  const { emit } = prototype;
  const isOwn = Object.hasOwn(prototype, 'emit');
  prototype.emit = function (this: Emitter, event, ...args) {
    return around(() => Reflect.apply(emit, this, [event, ...args]), event, args) as boolean;
  };
  return () => {
    if (isOwn) prototype.emit = emit;
    else Reflect.deleteProperty(prototype, 'emit');
  };
}

function subscribedBy(data: unknown): unknown {
  const message = JSON.parse(String(data)) as { type?: string; id?: unknown };
  return message.type === 'subscribe' ? message.id : null;
}

/**
 * Values are parameters already; how many of them a list has is no kind of its own. Nor is which columns are read, which
 * depends on how often the document has come before (src/queries/read-columns).
 */
function kindOf(text: string): string {
  return (
    text
      // Every ten seconds of a connection, whoever asks.
      .replace(/; discard plans$/, '')
      .replace(/\$\d+/g, '$')
      .replace(/\$(, \$)+/g, '$')
      .replace(/\s+/g, ' ')
      .replace(/^select (json_agg\(json_build_array\([^()]*\)\) as rows|t\.\w+(, t\.\w+)*) from/, 'select … from')
      .replace(/^select json_agg\(json_build_array\([^()]*\) order by [^()]*\) as rows from \((.*)\) page$/, '$1')
      .trim()
  );
}
