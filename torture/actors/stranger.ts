import type { Recorder } from '../history/recorder';
import type { Caller } from './caller';
import { ANYTHING } from './documents';
import type { Neighbour } from './neighbour';
import { act, chanceOf, nobodyOn, type Stage } from './stage';

const PAUSE_MS = 900;

/**
 * Somebody of another workspace who has got hold of ids: its owner, and a visitor of its widget. Asks for what is behind
 * them and writes to it, and must not get anything. Resolves when the run is over.
 */
export async function intrude(stage: Stage, { token, visitor }: Neighbour): Promise<void> {
  const { loot } = stage;
  const chance = chanceOf(stage, 'the neighbour');
  const owner = nobodyOn(stage, chance).as(token);
  const guest = nobodyOn(stage, chance).as(visitor.token);
  let tries = 0;
  await act(stage, chance, PAUSE_MS, async () => {
    const [conversationId, fileId, messageId] = [loot.conversations, loot.files, loot.messages].map((ids) =>
      chance.pickAny(ids),
    );
    if (conversationId == null) return;
    tries += 1;
    const nonce = `intruder-${tries}`;
    const text = `Not for here (${nonce})`;
    const way = chance.weighted({ look: 4, announce: 2, steal: 3, write: 1, note: 1 });
    if (way === 'announce') {
      await barred(stage.recorder, owner, 'createAttachment', { conversationId, fileName: 'x.txt', byteSize: 1 });
    } else if (way === 'note') {
      await barred(stage.recorder, owner, 'addNote', { conversationId, clientNonce: nonce, text });
    } else if (way === 'write') {
      await barred(stage.recorder, guest, 'sendMessage', { conversationId, clientNonce: nonce, text });
    } else if (way === 'steal' && fileId != null) {
      // Of another tenant, in a conversation of one's own.
      const input = { conversationId: visitor.conversationId, clientNonce: nonce, text, attachmentIds: [fileId] };
      await barred(stage.recorder, guest, 'sendMessage', input);
    } else {
      for (const id of [conversationId, fileId, messageId]) if (id != null) await look(stage.recorder, owner, id);
    }
  });
}

async function barred(
  recorder: Recorder,
  caller: Caller,
  mutation: 'createAttachment' | 'addNote' | 'sendMessage',
  input: Readonly<Record<string, unknown>>,
): Promise<void> {
  const answer = await caller.call(mutation, input);
  if (answer.kind !== 'DONE') return;
  recorder.sightings.push({ who: 'the neighbour', what: `success of ${mutation} with ${JSON.stringify(input)}` });
}

async function look(recorder: Recorder, caller: Caller, id: string): Promise<void> {
  const found = await caller.ask<unknown>('look at another tenant', ANYTHING, id);
  if (found != null) recorder.sightings.push({ who: 'the neighbour', what: `${id}: ${JSON.stringify(found)}` });
}
