import { type Control, type ControlDecision, decideControl } from '../../../src/domain/conversation/decide-control';
import { type ControlCommand, type Phase, PHASES } from '../../../src/domain/conversation/transitions';

const CONTROLS: Record<Phase, Control> = {
  IDLE: { status: 'OPEN', controller: 'AI', controlEpoch: 7, operatorId: null, handoffState: null },
  REQUESTED: { status: 'OPEN', controller: 'NONE', controlEpoch: 7, operatorId: null, handoffState: 'REQUESTED' },
  ACCEPTED: { status: 'OPEN', controller: 'HUMAN', controlEpoch: 7, operatorId: 'oscar', handoffState: 'ACCEPTED' },
  CLOSED: { status: 'CLOSED', controller: 'NONE', controlEpoch: 7, operatorId: null, handoffState: 'RESOLVED' },
};
const COMMANDS: ControlCommand[] = [
  'requestHandoff',
  'acceptHandoff',
  'cancelHandoff',
  'expireHandoff',
  'takeOverConversation',
  'transferToOperator',
  'transferToTeam',
  'handBackToAi',
  'closeConversation',
  'visitorWrites',
];
const PAIRS = PHASES.flatMap((phase) => COMMANDS.map((command) => [phase, command] as const));
const POSSIBLE = [
  'IDLE requestHandoff',
  'IDLE takeOverConversation',
  'IDLE closeConversation',
  'REQUESTED acceptHandoff',
  'REQUESTED takeOverConversation',
  'REQUESTED cancelHandoff',
  'REQUESTED expireHandoff',
  'ACCEPTED transferToOperator',
  'ACCEPTED transferToTeam',
  'ACCEPTED handBackToAi',
  'ACCEPTED closeConversation',
  'CLOSED visitorWrites',
];

function decide(
  phase: Phase,
  command: ControlCommand,
  { operatorId = 'sara', expectedEpoch = null }: { operatorId?: string | null; expectedEpoch?: number | null } = {},
): ControlDecision {
  return decideControl(command, CONTROLS[phase], 'AI_SILENT', { operatorId, expectedEpoch });
}

const codeOf = (decision: ControlDecision): string => (decision.ok ? 'ok' : decision.refusal.code);
const controlOf = (decision: ControlDecision): Control | null => (decision.ok ? decision.control : null);

describe('decideControl', () => {
  it.each(PAIRS)('in phase %s on %s: refused, or one epoch further', (phase, command) => {
    const decision = decide(phase, command);
    if (!POSSIBLE.includes(`${phase} ${command}`)) {
      expect(codeOf(decision)).toBe('INVALID_TRANSITION');
      return;
    }
    expect(controlOf(decision)?.controlEpoch).toBe(8);
  });

  it.each(PAIRS)('in phase %s on %s with an epoch of the past is STALE_CONTROL_EPOCH', (phase, command) => {
    expect(codeOf(decide(phase, command, { expectedEpoch: 6 }))).toBe('STALE_CONTROL_EPOCH');
    expect(codeOf(decide(phase, command, { expectedEpoch: 8 }))).toBe('STALE_CONTROL_EPOCH');
  });

  it('with the current epoch decides as without one', () => {
    const decision = decide('IDLE', 'takeOverConversation', { expectedEpoch: 7 });
    expect(decision).toEqual(decide('IDLE', 'takeOverConversation'));
    expect(decision.ok).toBe(true);
  });

  it.each(PAIRS)('in phase %s on %s names a person exactly when a person is in control', (phase, command) => {
    const control = controlOf(decide(phase, command));
    if (control === null) return;
    expect(control.operatorId).toBe(control.controller === 'HUMAN' ? 'sara' : null);
    expect(control.controller === 'HUMAN').toBe(control.handoffState === 'ACCEPTED');
  });

  it.each([
    ['AI_SILENT', 'NONE'],
    ['AI_ANSWERS', 'AI'],
  ] as const)('promise 9: while a request waits under %s, control is %s', (whileWaiting, controller) => {
    const request = { operatorId: null, expectedEpoch: null };
    const decision = decideControl('requestHandoff', CONTROLS.IDLE, whileWaiting, request);
    expect(controlOf(decision)).toEqual({ ...CONTROLS.REQUESTED, controller, controlEpoch: 8 });
  });

  it.each(['AI_SILENT', 'AI_ANSWERS'] as const)('handed to the team under %s, nobody is in control', (whileWaiting) => {
    const request = { operatorId: null, expectedEpoch: null };
    const decision = decideControl('transferToTeam', CONTROLS.ACCEPTED, whileWaiting, request);
    expect(controlOf(decision)).toEqual({ ...CONTROLS.REQUESTED, controller: 'NONE', controlEpoch: 8 });
  });

  it.each([
    ['closing without a handoff', 'closeConversation', { ...CONTROLS.IDLE, handoffState: 'UNANSWERED' }],
    ['opening again', 'visitorWrites', { ...CONTROLS.CLOSED, handoffState: 'UNANSWERED' }],
  ] as const)('%s leaves the state of the last handoff as it was', (_case, command, current) => {
    const decision = decideControl(command, current, 'AI_SILENT', { operatorId: null, expectedEpoch: null });
    expect(controlOf(decision)?.handoffState).toBe('UNANSWERED');
  });

  it('tells a person why not, in words for each phase', () => {
    const messages = PHASES.map((phase) => decide(phase, phase === 'CLOSED' ? 'closeConversation' : 'visitorWrites'));
    const texts = messages.map((decision) => (decision.ok ? '' : decision.refusal.message));
    expect(new Set(texts).size).toBe(PHASES.length);
  });
});
