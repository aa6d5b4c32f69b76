import { Client } from 'pg';
import type { Pace } from '../load/pace';
import type { Caller } from '../load/sender';
import { POOL_SIZE } from './baton';
import { BenchProcess } from './bench-process';
import type { LiveServer } from './live-server';
import type { Machine } from './machine';
import { KIND, sqlUuid, uuidOf, VISITORS } from './world';

export const TEXTBOOK_SEND = `mutation Send($input: TextbookSendInput!) { sendMessage(input: $input) { id sequence createdAt } }`;
const QUERY = `subscription Dashboard($id: ID!) { organizationEvents(organizationId: $id) {
  __typename cursor message { id sequence kind authorKind text createdAt author { __typename id displayName } } } }`;

export interface TextbookOptions {
  readonly machine: Machine;
  readonly databaseUrl: string;
  readonly redisUrl: string | null;
  readonly exposeGc?: boolean;
}

/** The stack that tutorials teach, with the same callers, conversations and messages as Baton's world. */
export class Textbook implements LiveServer {
  readonly name = 'textbook';

  private constructor(
    readonly process: BenchProcess,
    readonly port: number,
  ) {}

  static async start({ machine, databaseUrl, redisUrl, exposeGc = false }: TextbookOptions): Promise<Textbook> {
    const process = BenchProcess.start(machine, {
      entry: 'bench/rivals/textbook',
      core: 'SERVER',
      nodeOptions: exposeGc ? ['--expose-gc'] : [],
    });
    const organizationId = uuidOf(KIND.ORGANIZATION, 1);
    const port = await process.ask<number>('start', { databaseUrl, redisUrl, organizationId, poolSize: POOL_SIZE });
    // Its own start makes the tables.
    await fillTables(databaseUrl, organizationId);
    return new Textbook(process, port);
  }

  get target(): LiveServer['target'] {
    return { protocol: 'GRAPHQL_WS', port: this.port, path: '/graphql', readyText: '"pong"' };
  }

  get tokens(): readonly string[] {
    return Array.from({ length: 250 }, (_, index) => tokenOf(index + 1));
  }

  get hasEnded(): boolean {
    return this.process.hasEnded;
  }

  get organizationId(): string {
    return uuidOf(KIND.ORGANIZATION, 1);
  }

  subscriptions(): { query: string; variables: Record<string, unknown> }[] {
    return [{ query: QUERY, variables: { id: this.organizationId } }];
  }

  callers(count: number): Caller[] {
    return Array.from({ length: count }, (_, index) => ({
      token: tokenOf(index + 1),
      input: { conversationId: uuidOf(KIND.CONVERSATION, index + 1) },
    }));
  }

  async publish(pace: Pace): Promise<void> {
    await this.process.ask('publish', pace);
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}

const tokenOf = (visitor: number): string => `textbook_token_of_visitor_${visitor}_that_is_as_long_as_ours`;

async function fillTables(url: string, organizationId: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const text = 'Could you tell me whether the green one can be delivered before Friday? '.repeat(4);
    await client.query(`
      insert into textbook_actors (id, "displayName", token)
        select ${sqlUuid(KIND.VISITOR, 'n')}, 'Visitor ' || n, 'textbook_token_of_visitor_' || n || '_that_is_as_long_as_ours'
        from generate_series(1, ${VISITORS}) n on conflict do nothing;
      insert into textbook_actors (id, "displayName") values ('${uuidOf(KIND.AGENT, 1)}', 'Ada'), ('${uuidOf(KIND.MEMBER, 1)}', 'Member 1')
        on conflict do nothing;
      insert into textbook_conversations (id, "organizationId", status, controller, "lastSequence", "lastMessageAt", "visitorId", "operatorId", "agentId")
        select ${sqlUuid(KIND.CONVERSATION, 'n')}, '${organizationId}', 'OPEN', 'HUMAN', 1, now(), ${sqlUuid(KIND.VISITOR, 'n')},
          '${uuidOf(KIND.MEMBER, 1)}', '${uuidOf(KIND.AGENT, 1)}' from generate_series(1, ${VISITORS}) n on conflict do nothing;
      insert into textbook_messages (id, "conversationId", sequence, kind, "authorKind", "authorId", text, "createdAt")
        select ${sqlUuid(KIND.MESSAGE, 'n')}, ${sqlUuid(KIND.CONVERSATION, 'n')}, 1, 'TEXT', 'VISITOR', ${sqlUuid(KIND.VISITOR, 'n')},
          '${text}', now() from generate_series(1, ${VISITORS}) n on conflict do nothing;
      analyze`);
  } finally {
    await client.end();
  }
}
