import type { HandoffOrigin } from '../../domain/conversation/states';

/** What a command brings to a change of control, beyond its name. */
export interface ControlChange {
  readonly operatorId: string | null;
  readonly expectedEpoch: number | null;
  /** Of a handoff that is born here. */
  readonly origin: HandoffOrigin;
  readonly reason: string | null;
  readonly summary: string | null;
  /** For the AI, on a hand-back. */
  readonly brief: string | null;
  /** On a transfer: who hands it on, and with which words. */
  readonly transferredBy: Transfer | null;
}

/** Told with the event, for the words of the alert. */
export interface Transfer {
  readonly byId: string;
  readonly byName: string;
  readonly note: string | null;
}

export const NO_CHANGE: ControlChange = {
  operatorId: null,
  expectedEpoch: null,
  origin: 'OPERATOR',
  reason: null,
  summary: null,
  brief: null,
  transferredBy: null,
};
