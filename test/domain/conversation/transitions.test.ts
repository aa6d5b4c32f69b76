import type { ConversationStatus, HandoffState } from '../../../src/domain/conversation/states';
import {
  type ControlCommand,
  type Phase,
  PHASES,
  phaseOf,
  TRANSITIONS,
  transitionFor,
} from '../../../src/domain/conversation/transitions';

type Cell = 'no' | `${'OPEN' | 'CLOSED'} ${'AI' | 'HUMAN' | 'NONE' | 'WAITING'} ${HandoffState | '-'} ${string}`;

// The table of handoff.md, written out by hand: status, controller, state of the handoff, announcement. It is not
// derived from the code's own table, so that a slip there shows here.
const TABLE: Record<ControlCommand, Record<Phase, Cell>> = {
  requestHandoff: { IDLE: 'OPEN WAITING REQUESTED requested', REQUESTED: 'no', ACCEPTED: 'no', CLOSED: 'no' },
  acceptHandoff: { IDLE: 'no', REQUESTED: 'OPEN HUMAN ACCEPTED accepted', ACCEPTED: 'no', CLOSED: 'no' },
  cancelHandoff: { IDLE: 'no', REQUESTED: 'OPEN AI CANCELLED cancelled', ACCEPTED: 'no', CLOSED: 'no' },
  expireHandoff: { IDLE: 'no', REQUESTED: 'OPEN AI UNANSWERED unanswered', ACCEPTED: 'no', CLOSED: 'no' },
  takeOverConversation: {
    IDLE: 'OPEN HUMAN ACCEPTED accepted',
    REQUESTED: 'OPEN HUMAN ACCEPTED accepted',
    ACCEPTED: 'no',
    CLOSED: 'no',
  },
  transferToOperator: { IDLE: 'no', REQUESTED: 'no', ACCEPTED: 'OPEN HUMAN ACCEPTED accepted', CLOSED: 'no' },
  transferToTeam: { IDLE: 'no', REQUESTED: 'no', ACCEPTED: 'OPEN NONE REQUESTED requested', CLOSED: 'no' },
  handBackToAi: { IDLE: 'no', REQUESTED: 'no', ACCEPTED: 'OPEN AI RETURNED returned', CLOSED: 'no' },
  closeConversation: {
    IDLE: 'CLOSED NONE - closed',
    REQUESTED: 'no',
    ACCEPTED: 'CLOSED NONE RESOLVED closed',
    CLOSED: 'no',
  },
  visitorWrites: { IDLE: 'no', REQUESTED: 'no', ACCEPTED: 'no', CLOSED: 'OPEN AI - -' },
};

const CELLS = Object.entries(TABLE).flatMap(([command, row]) =>
  Object.entries(row).map(([phase, cell]) => [phase as Phase, command as ControlCommand, cell] as const),
);

describe('the state machine', () => {
  it.each(CELLS)('in phase %s, command %s: %s', (phase, command, cell) => {
    const transition = transitionFor(phase, command);
    if (cell === 'no') {
      expect(transition).toBeNull();
      return;
    }
    const [status, controller, handoffState, announcement] = cell
      .split(' ')
      .map((word) => (word === '-' ? null : word));
    expect(transition).toEqual({ status, controller, handoffState, announcement });
  });

  it('has no phase and no command beside those of the table', () => {
    expect(CELLS).toHaveLength(40);
    expect(Object.keys(TRANSITIONS).sort()).toEqual([...PHASES].sort());
    const known = Object.keys(TABLE);
    const commands = Object.values(TRANSITIONS).flatMap((row) => Object.keys(row));
    expect(commands.filter((command) => !known.includes(command))).toEqual([]);
  });
});

describe('phaseOf', () => {
  it.each<[ConversationStatus, HandoffState | null, Phase]>([
    ['OPEN', null, 'IDLE'],
    ['OPEN', 'REQUESTED', 'REQUESTED'],
    ['OPEN', 'ACCEPTED', 'ACCEPTED'],
    ['OPEN', 'RETURNED', 'IDLE'],
    ['OPEN', 'RESOLVED', 'IDLE'],
    ['OPEN', 'UNANSWERED', 'IDLE'],
    ['OPEN', 'CANCELLED', 'IDLE'],
    ['CLOSED', null, 'CLOSED'],
    ['CLOSED', 'RESOLVED', 'CLOSED'],
    ['CLOSED', 'UNANSWERED', 'CLOSED'],
  ])('of a conversation that is %s with a newest handoff %s is %s', (status, handoffState, phase) => {
    expect(phaseOf({ status, handoffState })).toBe(phase);
  });
});
