import {
  type BusinessHours as BusinessHoursFacts,
  isOpenAt,
  nextOpeningAfter,
} from '../domain/conversation/business-hours';
import type { Escalation as EscalationFacts } from '../domain/conversation/escalation';
import { BusinessHours } from '../schema/business-hours';
import { Escalation } from '../schema/escalation';

export function presentEscalation(ladder: EscalationFacts | null): Escalation | null {
  if (ladder === null) return null;
  const { onlineSeconds, everyoneSeconds, fallbackUserIds } = ladder;
  return Object.assign(new Escalation(), { onlineSeconds, everyoneSeconds, fallbackRefs: fallbackUserIds });
}

export function presentBusinessHours(hours: BusinessHoursFacts | null, now: Date): BusinessHours | null {
  if (hours === null) return null;
  const state = { isOpen: isOpenAt(hours, now), nextOpening: nextOpeningAfter(hours, now) };
  return Object.assign(new BusinessHours(), { ...hours, ...state });
}
