import { Client } from 'pg';

/** Everything that this process sends to PostgreSQL from now on, at the driver: no layer above can hide a statement. */
export function countStatements(): { readonly texts: string[]; clear(): void; stop(): void } {
  const texts: string[] = [];
  const { query } = Client.prototype;
  const counted = function (this: Client, ...args: unknown[]): unknown {
    const [first] = args;
    texts.push(typeof first === 'string' ? first : String((first as { text?: unknown } | undefined)?.text));
    return Reflect.apply(query, this, args);
  };
  Client.prototype.query = counted as typeof query;
  return {
    texts,
    clear: () => texts.splice(0),
    stop: () => {
      Client.prototype.query = query;
    },
  };
}
