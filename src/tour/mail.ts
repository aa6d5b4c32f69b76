import { setTimeout as wait } from 'node:timers/promises';
import { NOTIFICATIONS } from './documents';
import type { ListedNotification } from './items';
import type { Person } from './person';
import { TourError } from './tour-error';

const LOOKS = 80;
const BETWEEN_LOOKS_MS = 100;

/**
 * Waits until the e-mail about a conversation has left, and tells where to: a file, or what the SMTP server said. The API
 * has no stream of deliveries, so this looks again until it is so.
 */
export async function mailOf(person: Person, conversationId: string): Promise<string> {
  let seen = 'no e-mail at all';
  for (let look = 0; look < LOOKS; look += 1) {
    const { nodes } = await person.ask<{ nodes: readonly ListedNotification[] }>(NOTIFICATIONS, {});
    const mail = nodes
      .filter(({ conversation }) => conversation?.id === conversationId)
      .flatMap(({ deliveries }) => deliveries)
      .find(({ channel }) => channel === 'EMAIL');
    if (mail?.state === 'SENT') return mail.detail ?? 'without a word';
    if (mail !== undefined) seen = `${mail.state} ${mail.detail ?? ''}`.trim();
    if (mail?.state === 'FAILED' || mail?.state === 'SKIPPED') break;
    await wait(BETWEEN_LOOKS_MS);
  }
  throw new TourError(`${person.name} should get an e-mail about the request, but there was ${seen}`);
}
