import { setTimeout as delay } from 'node:timers/promises';
import type { HumanRequest, Responder, Turn, TurnContext, TurnOutcome } from './responder';
import { NO_PERSON_ANSWER, SCRIPT, STOP_WORDS, UNCLEAR_ANSWER, type ScriptRule } from './script';
import { finishReply } from './reply-text';

const WORDS_PER_PIECE = 4;
const MAX_TOPIC_WORDS = 3;
const MAX_QUOTE_LENGTH = 200;
const QUOTED_MESSAGES = 3;

/**
 * Answers from the rules of script.ts, without any model: the same turn always gets the same answer.
 *
 * @param pauseMs between two pieces of a reply; without a pause nobody would see it grow
 */
export function createScriptedResponder(pauseMs = 60): Responder {
  return {
    async respond(turn, context) {
      context.signal.throwIfAborted();
      const asked = normalize(turn.message.text);
      const action = SCRIPT.find((rule) => rule.pattern.test(asked))?.action ?? fallback(asked);
      if (action.kind === 'ANSWER') return stream(withBrief(turn, action.text), context, pauseMs);

      if (turn.mayRequestHuman) {
        const result = await context.requestHuman({ reason: action.reason, summary: summarize(turn) });
        if (result.granted) return { kind: 'HUMAN_REQUESTED' };
      }
      return stream(withBrief(turn, NO_PERSON_ANSWER), context, pauseMs);
    },
  };
}

/** Lower case, no accents, everything but letters and digits becomes one space. */
function normalize(text: string): string {
  const withoutAccents = text.normalize('NFKD').replace(/\p{M}/gu, '');
  return withoutAccents
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

function fallback(asked: string): ScriptRule['action'] {
  const topic = asked.split(' ').filter((word) => word.length > 2 && word.length <= 30 && !STOP_WORDS.has(word));
  if (topic.length === 0) return { kind: 'ANSWER', text: UNCLEAR_ANSWER };
  const named = [...new Set(topic)].slice(0, MAX_TOPIC_WORDS).join(' ');
  return {
    kind: 'ANSWER',
    text: `You are asking about “${named}”, if I understand you right. Tell me a little more about it, or say “person” and I’ll ask somebody from the team to join.`,
  };
}

/** The note of the hand-back belongs into the first answer after it, and only there. */
function withBrief(turn: Turn, answer: string): string {
  const brief = turn.brief?.trim() ?? '';
  if (brief === '' || hasAnsweredSinceHandBack(turn)) return answer;
  return `I’m back. What my colleague left me: ${brief}\n\n${answer}`;
}

function hasAnsweredSinceHandBack(turn: Turn): boolean {
  const others = turn.transcript.map((entry) => entry.authorKind === 'OPERATOR' || entry.authorKind === 'SYSTEM');
  const sinceHandBack = turn.transcript.slice(others.lastIndexOf(true) + 1);
  return sinceHandBack.some((entry) => entry.authorKind === 'AI');
}

/** The visitor's last words, oldest first: what an operator wants to see in the alert. */
function summarize(turn: Turn): HumanRequest['summary'] {
  const said = turn.transcript.filter((entry) => entry.authorKind === 'VISITOR').slice(-QUOTED_MESSAGES);
  return said.map((entry) => `“${shorten(entry.text)}”`).join(' ');
}

function shorten(text: string): string {
  const points = Array.from(text.replace(/\s+/g, ' ').trim());
  return points.length <= MAX_QUOTE_LENGTH ? points.join('') : `${points.slice(0, MAX_QUOTE_LENGTH - 1).join('')}…`;
}

/** In pieces of a few words, so that demos show how a reply grows. The event loop turns between them: an abort gets through. */
async function stream(answer: string, context: TurnContext, pauseMs: number): Promise<TurnOutcome> {
  const text = finishReply(answer);
  const pieces = text.match(new RegExp(`(?:\\S+\\s*){1,${String(WORDS_PER_PIECE)}}`, 'g')) ?? [];
  for (const piece of pieces) {
    context.signal.throwIfAborted();
    context.onDelta(piece);
    await delay(pauseMs);
  }
  context.signal.throwIfAborted();
  return { kind: 'REPLY', text };
}
