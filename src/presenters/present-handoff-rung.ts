import type { HandoffRung as HandoffRungRow } from '../entities/handoff-rung';
import { HandoffRung } from '../schema/handoff-rung';

export function presentHandoffRung({ rung, state, dueAt, reachedAt, detail }: HandoffRungRow): HandoffRung {
  return Object.assign(new HandoffRung(), { rung, state, dueAt, reachedAt, detail });
}
