import { setTimeout as delay } from 'node:timers/promises';
import type { AuthorKind } from '../history/final-state';
import type { SendOutcome } from '../history/history';
import { type Recorder, uuidOf } from '../history/recorder';
import { Chance } from '../random';
import { type Answer, Caller } from './caller';
import type { Mutation } from './documents';
import type { Loot } from './loot';

/** What all actors of a run share. */
export interface Stage {
  readonly seed: number;
  readonly urls: readonly string[];
  readonly recorder: Recorder;
  readonly loot: Loot;
  /** Aborted when nobody begins anything any more. Streams and AI runtimes go on behind it. */
  readonly acting: AbortSignal;
  /** Aborted when everything is over. */
  readonly over: AbortSignal;
}

export function chanceOf(stage: Stage, name: string): Chance {
  return new Chance(stage.seed, name);
}

/** Somebody without a credential, at whichever API answers. */
export function nobodyOn(stage: Stage, chance: Chance): Caller {
  const { urls, recorder, over } = stage;
  return new Caller({ urls, token: null, chance, recorder, over });
}

/** Does one thing after the other, with a pause for thought in between, until the run is over. */
export async function act(stage: Stage, chance: Chance, pauseMs: number, step: () => Promise<void>): Promise<void> {
  const isOver = (): boolean => stage.acting.aborted;
  while (!isOver()) {
    await delay(chance.between(pauseMs / 4, pauseMs * 2), undefined, { signal: stage.acting }).catch(() => undefined);
    if (!isOver()) await step();
  }
}

/** What somebody wants to write. */
export interface Draft {
  readonly mutation: Extract<Mutation, 'sendMessage' | 'postAgentReply'>;
  readonly conversationId: string;
  readonly authorKind: AuthorKind;
  readonly authorId: string | null;
  readonly nonce: string;
  readonly text: string;
  /** Public ids of uploaded files. */
  readonly files?: readonly string[];
  /** What the input has beside conversation, nonce and text. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Sends it, with all retries under one nonce, and records what the sender was told. */
export async function send(stage: Stage, caller: Caller, draft: Draft): Promise<Answer> {
  const { mutation, conversationId, authorKind, authorId, nonce, text, files = [], more } = draft;
  const attachmentIds = files.length === 0 ? {} : { attachmentIds: files };
  const answer = await caller.call(mutation, { conversationId, clientNonce: nonce, text, ...attachmentIds, ...more });
  plant(stage.loot, draft, answer);
  stage.recorder.sends.push({
    conversationId: uuidOf(conversationId),
    authorKind,
    authorId,
    nonce,
    text,
    files: files.map(uuidOf),
    outcome: outcomeOf(answer),
  });
  return answer;
}

function plant(loot: Loot, { conversationId, files = [] }: Draft, answer: Answer): void {
  loot.conversations.add(conversationId);
  for (const id of files) loot.files.add(id);
  const { message } = answer.kind === 'DONE' ? answer.payload : {};
  if (message != null) loot.messages.add(message.id);
}

function outcomeOf(answer: Answer): SendOutcome {
  if (answer.kind === 'UNKNOWN') return { kind: 'UNKNOWN' };
  if (answer.kind === 'REFUSED') return { kind: 'REFUSED', codes: answer.codes };
  const { message } = answer.payload;
  if (message == null) throw new Error('A message was accepted, and the answer does not say which.');
  return { kind: 'ACKED', messageId: uuidOf(message.id), sequence: message.sequence };
}
