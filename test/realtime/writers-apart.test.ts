import { Client } from 'pg';
import { decodePublicId } from '../../src/domain/public-id';
import { ready, type Scene, startScene, type Visit, write } from '../api/scene';
import { type EventView, ORGANIZATION_EVENTS, WORKSPACE_EVENTS } from '../support/documents';
import { until } from './support';

/** Any number that the server itself does not use. */
const HOLD = 5_550_001;

let scene: Scene;
let second: Awaited<ReturnType<Scene['api']['startSecond']>>;
let held: Visit;
let free: Visit;
/** Holds back what `HOLD` is asked for. */
let holder: Client;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
  second = await scene.api.startSecond();
  [held, free] = await Promise.all([scene.visit(), scene.visit()]);
  holder = new Client({ connectionString: scene.api.databaseUrl });
  await holder.connect();
  await holder.query(holdCommitsOf(decodePublicId('conversation', held.conversationId)!));
});
afterAll(async () => {
  await holder.end();
  await second.stop();
  await scene.api.stop();
});

/** A transaction that has told of this conversation waits at its commit, with every lock that it has taken. */
function holdCommitsOf(conversationId: string): string {
  return `
    create function hold_commit() returns trigger language plpgsql as $$
    begin
      if new.conversation_id = '${conversationId}' then perform pg_advisory_xact_lock_shared(${HOLD}); end if;
      return null;
    end $$;
    grant execute on function hold_commit() to public;
    create constraint trigger hold_commit after insert on outbox
      deferrable initially deferred for each row execute function hold_commit()`;
}

test('a writer that does not commit holds up no other conversation of its organization, nor what is told of it', async () => {
  const { operator, owner } = scene.people;
  const feeds = [
    await ready(operator.subscribe<EventView>(ORGANIZATION_EVENTS, { id: scene.ids.organization })),
    await ready(owner.at(second.url).subscribe<EventView>(WORKSPACE_EVENTS, { id: scene.ids.workspace })),
  ];
  const textsOf = ({ items }: { items: readonly EventView[] }): string[] =>
    items.flatMap(({ message }) => (message === undefined ? [] : [message.text]));

  await holder.query('select pg_advisory_lock($1)', [HOLD]);
  const waiting = write(held.visitor, held.conversationId, 'held');
  await until('the writer at its commit', async () => {
    const rows = await scene.api.source.query(
      `select from pg_locks where locktype = 'advisory' and objid = $1 and not granted`,
      [HOLD],
    );
    return rows.length === 1;
  });
  // Of another process: within one, sends may share a statement.
  await write(free.visitor.at(second.url), free.conversationId, 'free');
  await operator.at(second.url).act('takeOverConversation', { conversationId: free.conversationId });
  await write(operator.at(second.url), free.conversationId, 'free too');
  for (const feed of feeds) await feed.waitFor(({ message }) => message?.text === 'free too');
  expect(feeds.map(textsOf).flatMap((texts) => texts.filter((text) => text === 'held'))).toEqual([]);

  await holder.query('select pg_advisory_unlock($1)', [HOLD]);
  const { sequence } = await waiting;
  expect(sequence).toBe(1);
  for (const feed of feeds) {
    await feed.waitFor(({ message }) => message?.text === 'held');
    const texts = textsOf(feed).filter((text) => /^(held|free)/.test(text));
    expect(texts).toEqual(['free', 'free too', 'held']);
    await feed.stop();
  }
});
