import type { LoggedEvent } from '../../src/domain/events';
import { ProcessStops, RunningTurns, TurnLost } from '../../src/workers/running-turns';
import { LogBook, until } from '../realtime/support';
import { answeringSource } from '../support/watched-source';

const turn = { turnId: 'turn', conversationId: 'conversation', controlEpoch: 3 };

/** The database, by what it answers when it is asked which turns are still wanted. */
function start(wanted: () => Promise<{ id: string }[]>): { turns: RunningTurns; tell: (event: LoggedEvent) => void } {
  let listener: (events: readonly LoggedEvent[]) => void = () => undefined;
  const tail = {
    subscribe: (added: typeof listener) => {
      listener = added;
      return () => undefined;
    },
  };
  const source = answeringSource(wanted);
  return { turns: new RunningTurns({ source, tail, log: new LogBook() }), tell: (event) => listener([event]) };
}

function controlMoved(change: Partial<LoggedEvent> = {}, controlEpoch = 4): LoggedEvent {
  return {
    position: 1,
    name: 'CONVERSATION_CHANGED',
    workspaceId: 'workspace',
    organizationId: null,
    agentId: 'agent',
    conversationId: 'conversation',
    userId: null,
    subjectId: 'conversation',
    snapshot: { controlEpoch },
    occurredAt: new Date(),
    ...change,
  };
}

const stillWanted = (): Promise<{ id: string }[]> => Promise.resolve([{ id: 'turn' }]);

describe('a running turn', () => {
  it('does not begin twice in one process', async () => {
    const { turns } = start(stillWanted);
    const first = turns.begin(turn);
    expect(turns.begin(turn)).toBeNull();
    first?.end();
    expect(turns.begin(turn)).not.toBeNull();
    await turns.stop();
  });

  it('is broken off by the event that control has moved, without asking the database', async () => {
    const { turns, tell } = start(stillWanted);
    const running = turns.begin(turn);
    tell(controlMoved({ conversationId: 'another' }));
    tell(controlMoved({}, 3));
    expect(running?.signal.aborted).toBe(false);
    tell(controlMoved());
    expect(running?.signal.reason).toBeInstanceOf(TurnLost);
    await turns.stop();
  });

  it('is broken off when its conversation is erased, and not when another one is', async () => {
    const { turns, tell } = start(stillWanted);
    const running = turns.begin(turn);
    tell(controlMoved({ name: 'CONVERSATION_ERASED', snapshot: null, conversationId: 'another' }));
    expect(running?.signal.aborted).toBe(false);
    tell(controlMoved({ name: 'CONVERSATION_ERASED', snapshot: null }));
    expect(running?.signal.reason).toBeInstanceOf(TurnLost);
    await turns.stop();
  });

  it('is broken off without any event when the database says that it has ended', async () => {
    let wanted = stillWanted;
    const { turns } = start(() => wanted());
    const running = turns.begin(turn);
    wanted = () => Promise.resolve([]);
    await until('the end', () => running?.signal.aborted);
    expect(running?.signal.reason).toBeInstanceOf(TurnLost);
    await turns.stop();
  });

  it('goes on while the database cannot be asked', async () => {
    let asked = 0;
    const { turns } = start(() => {
      asked += 1;
      return Promise.reject(new Error('no database'));
    });
    const running = turns.begin(turn);
    await until('a second question', () => asked > 1);
    expect(running?.signal.aborted).toBe(false);
    await turns.stop();
  });

  it('is not broken off by what its own answer did, once it has ended', async () => {
    const { turns, tell } = start(() => Promise.resolve([]));
    const running = turns.begin(turn);
    running?.end();
    tell(controlMoved());
    await turns.stop();
    expect(running?.signal.aborted).toBe(false);
  });

  it('is broken off when the process stops, and so is one that begins then', async () => {
    const { turns } = start(stillWanted);
    const running = turns.begin(turn);
    await turns.stop();
    expect(running?.signal.reason).toBeInstanceOf(ProcessStops);
    expect(turns.begin({ ...turn, turnId: 'late' })?.signal.reason).toBeInstanceOf(ProcessStops);
  });
});
