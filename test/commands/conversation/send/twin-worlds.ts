import type { DataSource } from 'typeorm';
import { sendAlone } from '../../../../src/commands/conversation/send/send-alone';
import { type Send, sendTogether } from '../../../../src/commands/conversation/send/send-together';
import type { SentMessage } from '../../../../src/commands/conversation/sent-message';
import { answerTurn } from '../../../../src/commands/turn/answer-turn';
import type { Database } from '../../../../src/database/database';
import type { Outcome } from '../../../../src/domain/refusal';
import { Conversation } from '../../../../src/entities/conversation';
import type { World } from '../../../support/world';
import { newConversation } from '../../../support/world-rows';
import { createStage, Stage } from '../stage';

export const WORKSPACE_WIDE = ['visitor', 'otherVisitor', 'owner', 'admin', 'agentKey', 'staffKey'] as const;
export const MEMBERS = ['operator', 'secondOperator', 'viewer', 'limited'] as const;

/** A message to the first conversation (of the visitor) or to the second one (of the other visitor). */
export interface Sent {
  readonly who: (typeof WORKSPACE_WIDE)[number] | (typeof MEMBERS)[number];
  readonly to: 0 | 1;
  readonly nonce: string;
  readonly text: string;
}

/** What happens next, the same in both worlds. A wave is sent at once, by people of one scope. */
export type Episode =
  | { readonly kind: 'wave'; readonly sent: readonly Sent[] }
  | { readonly kind: 'asks' | 'cancels' | 'replies' | 'answers'; readonly to: 0 | 1 }
  | { readonly kind: 'accepts' | 'takesOver' | 'closes'; readonly to: 0 | 1; readonly who: 'operator' | 'owner' }
  | {
      readonly kind: 'handsBack';
      readonly to: 0 | 1;
      readonly who: 'operator' | 'owner';
      readonly brief: string | null;
    }
  | { readonly kind: 'responder'; readonly responderKind: 'API' | 'NONE' };

/** A world in which waves are sent together, or message by message. */
export class Twin {
  private constructor(
    private readonly database: Database,
    readonly world: World,
    private readonly stages: readonly [Stage, Stage],
    private readonly isTogether: boolean,
  ) {}

  static async create(database: Database, isTogether: boolean): Promise<Twin> {
    const first = await createStage(database);
    const { world } = first;
    const other = newConversation(world.agent, world.otherVisitor.row);
    await database.source.manager.insert(Conversation, other);
    return new Twin(database, world, [first, new Stage(database, world, other.id)], isTogether);
  }

  /** Lets it happen, and tells what each of those involved was answered. */
  async live(episode: Episode): Promise<string[]> {
    if (episode.kind === 'wave') return this.wave(episode.sent);
    if (episode.kind === 'responder') {
      await this.stages[0].change({ responderKind: episode.responderKind });
      return [];
    }
    const stage = this.stages[episode.to];
    switch (episode.kind) {
      case 'asks':
        return [codeOf(await stage.asks((await stage.row()).controlEpoch))];
      case 'cancels':
        return [codeOf(await stage.cancels('operator'))];
      case 'replies':
        return [codeOf(await stage.replies('reply', (await stage.row()).controlEpoch))];
      case 'answers': {
        const turn = (await stage.turns()).at(-1);
        return [String(turn !== undefined && (await answerTurn(this.database, turn, 'answer')))];
      }
      case 'accepts':
        return [codeOf(await stage.accepts(episode.who))];
      case 'takesOver':
        return [codeOf(await stage.takesOver(episode.who))];
      case 'handsBack':
        return [codeOf(await stage.handsBack(episode.brief, episode.who))];
      case 'closes':
        return [codeOf(await stage.closes(episode.who))];
    }
  }

  private async wave(sent: readonly Sent[]): Promise<string[]> {
    const sends = sent.map(({ who, to, nonce, text }): Send => {
      const input = { conversationId: this.stages[to].conversationId, clientNonce: nonce, text };
      return { principal: this.world[who].principal, input };
    });
    const [first] = sends;
    if (first === undefined) return [];
    const together = this.isTogether
      ? await sendTogether(this.database, first.principal, sends, 'SKIPPED')
      : sends.map(() => 'ALONE' as const);
    const answers: string[] = [];
    for (const [at, send] of sends.entries()) {
      const answer = together[at]!;
      if (answer === 'HELD') throw new Error('Nobody else is here to hold a conversation.');
      if (this.isTogether) seenTogether.add(answer === 'ALONE' ? answer : codeOf(answer));
      answers.push(told(answer === 'ALONE' ? await sendAlone(this.database, send.principal, send.input) : answer));
    }
    return answers;
  }

  /** Every row that conversations leave in this world, without ids and times: `id 3` is the third id that turns up. */
  async rows(): Promise<Record<string, unknown>> {
    return dump(this.database.source, this.world.workspace.id);
  }
}

/** What `sendTogether` has answered so far. */
export const seenTogether = new Set<string>();

const codeOf = ({ refusals, value }: Outcome<unknown>): string =>
  refusals[0]?.code ?? ((value as SentMessage).wasDuplicate ? 'duplicate' : 'ok');

function told(outcome: Outcome<SentMessage>): string {
  const { message } = outcome.value ?? {};
  const row = message && { ...message, id: '', workspaceId: '', conversationId: '', authorUserId: '', createdAt: '' };
  return JSON.stringify([codeOf(outcome), outcome.refusals, row && Object.entries(row).sort()]);
}

const TABLES: Record<string, string> = {
  conversations: 'select * from conversations where workspace_id = $1 order by id',
  messages: 'select * from messages where workspace_id = $1 order by conversation_id, sequence',
  conversation_reads: `select r.* from conversation_reads r left join messages m on m.conversation_id = r.conversation_id
    and m.sequence = r.sequence where r.workspace_id = $1 order by r.conversation_id, r.sequence, m.author_kind, r.reader_id`,
  turns: 'select * from turns where workspace_id = $1 order by conversation_id, id',
  handoffs: 'select * from handoffs where workspace_id = $1 order by conversation_id, id',
  outbox: 'select o.*, null as id from outbox o where workspace_id = $1 order by o.id',
};

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const TIME = /"\d{4}-\d\d-\d\dT[^"]*"/g;
/** Of world-rows.ts. */
const IDEMPOTENCY_KEY = /"[0-9a-f]{16}"/g;

async function dump(source: DataSource, workspaceId: string): Promise<Record<string, unknown>> {
  const tables: Record<string, unknown[]> = {};
  for (const [table, sql] of Object.entries(TABLES)) {
    const rows = await source.query<{ row: unknown }[]>(`select to_jsonb(t) as row from (${sql}) t`, [workspaceId]);
    tables[table] = rows.map(({ row }) => row);
  }
  const names = new Map<string, string>();
  const nameOf = (id: string): string => {
    const name = names.get(id) ?? `id ${String(names.size + 1)}`;
    names.set(id, name);
    return name;
  };
  const text = JSON.stringify(tables)
    .replace(UUID, nameOf)
    .replace(IDEMPOTENCY_KEY, '"a key"')
    .replace(TIME, '"a time"');
  return JSON.parse(text) as Record<string, unknown>;
}
