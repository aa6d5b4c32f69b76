import type { Escalation } from '../domain/conversation/escalation';
import type { EscalationInput } from '../schema/escalation';
import { inputIds } from './payload';

/** The ladder of an input with the UUIDs of those named; left out or null stays so. Throws RefusedInput for what is no id. */
export function ladderOf<Input extends EscalationInput | null | undefined>(
  input: Input,
): Escalation | Exclude<Input, EscalationInput> {
  if (!input) return input as Exclude<Input, EscalationInput>;
  const fallbackUserIds = inputIds('user', input.fallbackUserIds, 'escalation', 'fallbackUserIds') ?? [];
  return { ...input, fallbackUserIds };
}
