import type { Round } from '../arithmetic';
import type { CommitRequest } from '../load/committer';
import { runStatement } from '../rivals/statement';
import { POOL_SIZE } from '../stage/baton';
import type { Stage } from '../stage/stage';
import { KIND, sqlUuid, VISITORS } from '../stage/world';
import type { Family } from './family';

const SENDERS = 64;

/** What a send is without anybody to authorize and nothing to look up: the next sequence, the message, the outbox row, one commit. */
const SEND = `
with next as (
  update conversations set last_sequence = last_sequence + 1, last_message_at = clock_timestamp(), version = version + 1
  where id = ${sqlUuid(KIND.CONVERSATION, ':n::int')} returning id, workspace_id, organization_id, agent_id, last_sequence
), message as (
  insert into messages (id, workspace_id, conversation_id, sequence, kind, author_kind, text, client_nonce, created_at)
  select uuidv7(), workspace_id, id, last_sequence, 'TEXT', 'VISITOR', repeat('Can it be delivered before Friday? ', 8),
    gen_random_uuid()::text, clock_timestamp() from next returning *
)
insert into outbox (name, workspace_id, organization_id, agent_id, conversation_id, subject_id, snapshot)
select 'MESSAGE_ADDED', next.workspace_id, next.organization_id, next.agent_id, next.id, message.id, to_jsonb(message) from next, message`;

/** Sends until they are committed. Comes before the rows that start an API process: that would move the outbox meanwhile. */
export const commit: Family = {
  name: 'commit',
  rows: ['commit-many', 'commit-one'],
  measure: async (stage) => {
    const committer = stage.start('bench/load/committer', 'SERVER');
    try {
      await committer.ask('start', { url: stage.postgres.applicationUrl, poolSize: POOL_SIZE, world: stage.world });
      const measure = (request: CommitRequest): Promise<number> => committer.ask<number>('commit', request);
      return {
        'commit-many': {
          rounds: await roundsOf(stage, VISITORS, measure),
          notes: [`Chosen by chance among ${VISITORS} conversations.`],
        },
        'commit-one': { rounds: await roundsOf(stage, 1, measure), notes: [] },
      };
    } finally {
      await committer.stop();
      // What the statement wrote is no event that Baton could tell.
      await stage.postgres.run('truncate outbox');
    }
  },
};

async function roundsOf(
  stage: Stage,
  among: number,
  measure: (request: CommitRequest) => Promise<number>,
): Promise<Round[]> {
  // pgbench counts whole seconds, and its 64 connections take a good part of the first.
  const seconds = Math.ceil(stage.plan.loopMs / 1000) + 1;
  const request = { senders: SENDERS, among, milliseconds: stage.plan.loopMs };
  await measure({ ...request, milliseconds: 1000 });
  const rounds: Round[] = [];
  for (let round = 0; round < stage.plan.rounds; round += 1) {
    const ours = await measure(request);
    const rival = await runStatement(
      stage.machine,
      stage.postgres.superuserUrl,
      { sql: SEND, among },
      { clients: SENDERS, seconds },
    );
    rounds.push({ ours, rival: rival.perSecond });
  }
  return rounds;
}
