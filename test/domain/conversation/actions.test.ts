import { type ActionFacts, decideActions } from '../../../src/domain/conversation/actions';
import type { Phase } from '../../../src/domain/conversation/transitions';

type Viewer = 'visitor' | 'operator' | 'theOperator' | 'ai' | 'reader';

const PHASE_FACTS: Record<Phase, Pick<ActionFacts, 'status' | 'handoffState'>> = {
  IDLE: { status: 'OPEN', handoffState: 'RETURNED' },
  REQUESTED: { status: 'OPEN', handoffState: 'REQUESTED' },
  ACCEPTED: { status: 'OPEN', handoffState: 'ACCEPTED' },
  CLOSED: { status: 'CLOSED', handoffState: 'RESOLVED' },
};

function actions(viewer: Viewer, phase: Phase, change: Partial<ActionFacts> = {}): string[] {
  return decideActions({
    asVisitor: viewer === 'visitor',
    asOperator: viewer === 'operator' || viewer === 'theOperator',
    asAi: viewer === 'ai',
    isTheOperator: viewer === 'theOperator',
    aiMayRequest: true,
    handoffEnabled: true,
    isOffered: phase === 'IDLE',
    ...PHASE_FACTS[phase],
    ...change,
  });
}

describe('decideActions', () => {
  it.each<[Viewer, Phase, string[]]>([
    ['visitor', 'IDLE', ['SEND_MESSAGE', 'REQUEST_HANDOFF', 'SUBMIT_INQUIRY']],
    ['visitor', 'REQUESTED', ['SEND_MESSAGE', 'CANCEL_HANDOFF', 'SUBMIT_INQUIRY']],
    ['visitor', 'ACCEPTED', ['SEND_MESSAGE']],
    ['visitor', 'CLOSED', ['SEND_MESSAGE', 'SUBMIT_INQUIRY']],
    ['operator', 'IDLE', ['TAKE_OVER', 'CLOSE']],
    ['operator', 'REQUESTED', ['CANCEL_HANDOFF', 'ACCEPT_HANDOFF', 'TAKE_OVER']],
    ['operator', 'ACCEPTED', ['TRANSFER', 'HAND_BACK', 'CLOSE']],
    ['operator', 'CLOSED', []],
    ['theOperator', 'ACCEPTED', ['SEND_MESSAGE', 'TRANSFER', 'HAND_BACK', 'CLOSE']],
    ['ai', 'IDLE', ['REQUEST_HANDOFF']],
    ['ai', 'REQUESTED', []],
    ['ai', 'ACCEPTED', []],
    ['ai', 'CLOSED', []],
    ['reader', 'IDLE', []],
    ['reader', 'REQUESTED', []],
    ['reader', 'ACCEPTED', []],
    ['reader', 'CLOSED', []],
  ])('for the %s in phase %s are %j', (viewer, phase, expected) => {
    expect(actions(viewer, phase)).toEqual(expected);
  });

  it('promise 3: do not include asking for a person when none is offered', () => {
    expect(actions('visitor', 'IDLE', { isOffered: false })).toEqual(['SEND_MESSAGE', 'SUBMIT_INQUIRY']);
    expect(actions('ai', 'IDLE', { isOffered: false })).toEqual([]);
  });

  it('promise 5: of an AI that may not ask do not include asking', () => {
    expect(actions('ai', 'IDLE', { aiMayRequest: false })).toEqual([]);
    expect(actions('visitor', 'IDLE', { aiMayRequest: false })).toContain('REQUEST_HANDOFF');
  });

  it('promise 1: of a visitor include no inquiry when handoff is switched off', () => {
    expect(actions('visitor', 'IDLE', { handoffEnabled: false, isOffered: false })).toEqual(['SEND_MESSAGE']);
  });
});
