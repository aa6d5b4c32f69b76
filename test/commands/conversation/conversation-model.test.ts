import fc from 'fast-check';
import { ConversationModel } from './conversation-model';
import { perform, type Step, type Who } from './conversation-steps';
import { createStage, openDatabase, type Stage, type StageDatabase } from './stage';

// A run of another seed is one edit away; a fixed one keeps the build repeatable.
const SEED = 20_251_123;
const RUNS = 60;
const STEPS = 40;

let database: StageDatabase;

beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

interface Observed {
  readonly operator: string | null;
  readonly episodes: readonly [state: string, acceptedById: string | null][];
  readonly holder: readonly string[];
}

/** In one statement: it is asked after each of thousands of steps. */
const OBSERVE = `
  select c.status = 'OPEN' as "isOpen", c.controller, c.control_epoch as epoch, c.operator_id as operator,
    c.waiting_since is not null as "isWaiting", c.handoff_state as newest, c.last_sequence as "lastSequence",
    (select coalesce(jsonb_agg(sequence order by sequence), '[]') from messages where conversation_id = c.id)
      as sequences,
    (select coalesce(jsonb_agg(author_kind || ' ' || kind order by sequence), '[]') from messages
      where conversation_id = c.id) as messages,
    (select coalesce(jsonb_agg(jsonb_build_array(state, accepted_by_id) order by id), '[]') from handoffs
      where conversation_id = c.id) as episodes,
    (select coalesce(jsonb_agg(user_id order by id), '[]') from handoff_holds
      where conversation_id = c.id and ended_at is null) as holder,
    (select coalesce(jsonb_agg(jsonb_build_array(t.state, t.control_epoch, m.sequence, t.brief) order by t.id), '[]')
      from turns t left join messages m on m.id = t.message_id where t.conversation_id = c.id) as turns,
    (select coalesce(jsonb_agg(name order by id), '[]') from outbox where conversation_id = c.id) as told
  from conversations c where c.id = $1`;

/** The database, in the words of the model. */
async function observe(stage: Stage): Promise<object> {
  const [found] = await stage.database.source.query<[Observed]>(OBSERVE, [stage.conversationId]);
  const nameOf = (id: string | null): string | null =>
    (['operator', 'secondOperator'] as const).find((who) => stage.world[who].id === id) ?? id;
  return {
    ...found,
    operator: nameOf(found.operator),
    episodes: found.episodes.map(([state, acceptedById]) => [state, nameOf(acceptedById)]),
    holder: found.holder.map(nameOf),
  };
}

function expected(model: ConversationModel): object {
  return {
    isOpen: model.isOpen,
    controller: model.controller,
    epoch: model.epoch,
    operator: model.operator,
    isWaiting: model.waiting !== null,
    newest: model.episodes.at(-1)?.state ?? null,
    lastSequence: model.messages.length,
    sequences: model.messages.map((_, index) => index + 1),
    messages: model.messages,
    episodes: model.episodes.map(({ state, acceptedBy }) => [state, acceptedBy]),
    holder: model.operator === null ? [] : [model.operator],
    turns: model.turns.map(({ state, epoch, sequence, brief }) => [state, epoch, sequence, brief]),
    told: model.told,
  };
}

class Performed implements fc.AsyncCommand<ConversationModel, Stage> {
  constructor(private readonly step: Step) {}

  check(): boolean {
    return true;
  }

  async run(model: ConversationModel, stage: Stage): Promise<void> {
    const answer = await perform(stage, this.step);
    expect(answer).toBe(model.apply(this.step));
    expect(await observe(stage)).toEqual(expected(model));
    seen.add(`${this.step.kind} ${answer}`);
  }

  toString(): string {
    return JSON.stringify(this.step);
  }
}

const seen = new Set<string>();

const insiders = fc.constantFrom<Who>('visitor', 'operator', 'operator', 'secondOperator');
const anybody = fc.oneof(
  { weight: 9, arbitrary: insiders },
  { weight: 1, arbitrary: fc.constantFrom<Who>('viewer', 'otherMember', 'otherVisitor') },
);
const age = fc.constantFrom(0, 0, 0, 1);
const whileWaiting = fc.constantFrom<'AI_SILENT' | 'AI_ANSWERS'>('AI_SILENT', 'AI_ANSWERS');
const epoch = fc.constantFrom<'current' | 'stale'>('current', 'current', 'stale');

// The first ones are the plain story, so that long ones get told; the others are what may come between.
const steps: fc.Arbitrary<Step>[] = [
  fc.constant({ kind: 'says', who: 'visitor' }),
  fc.constant({ kind: 'answers', age: 0 }),
  fc.constant({ kind: 'asks', who: 'visitor' }),
  fc.constant({ kind: 'cancels', who: 'visitor', age: 0 }),
  fc.constant({ kind: 'accepts', who: 'secondOperator', age: 0 }),
  fc.constant({ kind: 'takesOver', who: 'operator', epoch: 'none' }),
  fc.constant({ kind: 'transfers', who: 'operator', to: null, epoch: 'none' }),
  fc.constant({ kind: 'handsBack', who: 'operator', brief: 'brief' }),
  fc.record({ kind: fc.constant('says'), who: fc.oneof(fc.constant<Who>('visitor'), anybody) }),
  fc.record({ kind: fc.constant('asks'), who: fc.oneof(fc.constant<Who>('visitor'), anybody) }),
  fc.record({ kind: fc.constantFrom('closes', 'inquires'), who: anybody }),
  fc.record({ kind: fc.constantFrom('replies', 'aiAsks'), epoch }),
  fc.record({ kind: fc.constantFrom('answers', 'answers', 'fails'), age }),
  fc.record({ kind: fc.constantFrom('accepts', 'accepts', 'cancels'), who: anybody, age }),
  fc.record({ kind: fc.constant('takesOver'), who: anybody, epoch: fc.constantFrom('none', 'current', 'stale') }),
  fc.record({
    kind: fc.constant('transfers'),
    who: anybody,
    to: fc.constantFrom('operator', 'secondOperator', 'viewer', null),
    epoch: fc.constantFrom('none', 'none', 'current', 'stale'),
  }),
  fc.record({ kind: fc.constant('handsBack'), who: anybody, brief: fc.constantFrom('brief', null) }),
  fc.record({ kind: fc.constant('deadline'), over: fc.boolean() }),
  fc.record({ kind: fc.constant('settings'), whileWaiting }),
];

describe('a conversation', () => {
  it('does what the model of handoff.md does, whatever sequence of commands it is given by whomever', async () => {
    const commands = fc.commands(
      steps.map((step) => step.map((value) => new Performed(value))),
      { maxCommands: STEPS, size: 'max' },
    );
    const property = fc.asyncProperty(commands, whileWaiting, async (sequence, setting) => {
      const stage = await createStage(database, { whileWaiting: setting });
      await stage.connects('operator', 'secondOperator');
      await fc.asyncModelRun(() => ({ model: new ConversationModel(setting), real: stage }), sequence);
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS });
    // Otherwise the run above would prove little.
    for (const answer of [
      'accepts ok',
      'accepts ALREADY_CLAIMED',
      'deadline done',
      'handsBack ok',
      'transfers ok',
      'transfers OPERATOR_UNAVAILABLE',
      'replies STALE_CONTROL_EPOCH',
    ]) {
      expect([...seen]).toContain(answer);
    }
  });
});
