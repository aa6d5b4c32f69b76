import { z } from 'zod';
import type { Signal } from './signals';

/** A hint of another version is ignored, so that two releases can run side by side during a deploy. */
const VERSION = 1;

const id = z.guid();
const signalSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('TYPING'),
    conversationId: id,
    actorKind: z.enum(['USER', 'VISITOR', 'AGENT']),
    actorId: id,
    isTyping: z.boolean(),
    expiresAt: z.iso.datetime(),
  }),
  z.strictObject({
    kind: z.literal('PRESENCE'),
    workspaceId: id,
    actorKind: z.enum(['USER', 'VISITOR']),
    actorId: id,
    status: z.enum(['ONLINE', 'AWAY', 'OFFLINE']),
    lastActiveAt: z.iso.datetime().nullable(),
  }),
  z.strictObject({
    kind: z.literal('REPLY_DELTA'),
    conversationId: id,
    turnId: id,
    controlEpoch: z.int(),
    text: z.string(),
  }),
  z.strictObject({
    kind: z.literal('READ_MARK'),
    conversationId: id,
    reader: z.enum(['VISITOR', 'OPERATOR']),
    sequence: z.int(),
  }),
]) satisfies z.ZodType<Signal>;

const logHintSchema = z.object({ v: z.literal(VERSION), position: z.int().nonnegative() });
const signalHintSchema = z.object({ v: z.literal(VERSION), signal: signalSchema });

export function encodeLogHint(position: number): object {
  return { v: VERSION, position };
}

/** The position, or null for anything that is not exactly a hint of ours: whoever reaches the bus can write to it. */
export function decodeLogHint(payload: unknown): number | null {
  const parsed = logHintSchema.safeParse(payload);
  return parsed.success ? parsed.data.position : null;
}

export function encodeSignal(signal: Signal): object {
  return { v: VERSION, signal };
}

/** The signal, or null for anything malformed. */
export function decodeSignal(payload: unknown): Signal | null {
  const parsed = signalHintSchema.safeParse(payload);
  return parsed.success ? parsed.data.signal : null;
}
