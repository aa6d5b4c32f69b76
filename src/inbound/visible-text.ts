import { Worker } from 'node:worker_threads';

/** A message has 8000 code points: what follows this is quoted, or would be cut. */
const MAX_LENGTH = 50_000;
const PATIENCE_MS = 2000;

/**
 * The library has patterns that take a minute for a line of 28 KB (measured with "a@a@a@…"), and a pattern that runs
 * cannot be broken off but with its thread.
 */
const CODE = `
const { parentPort, workerData } = require('node:worker_threads');
const EmailReplyParser = require(workerData.parser);
parentPort.postMessage(new EmailReplyParser().read(workerData.text).getVisibleText());
`;

/** What somebody has written, without what they quote and their signature. All of it where nothing would be left. */
export async function visibleText(text: string): Promise<string> {
  const whole = text.slice(0, MAX_LENGTH).replaceAll('\r\n', '\n').trim();
  const visible = (await parse(whole))?.trim() ?? '';
  return visible === '' ? whole : visible;
}

/** Null: it cannot be told in time. */
async function parse(text: string): Promise<string | null> {
  const parser = require.resolve('email-reply-parser');
  const worker = new Worker(CODE, {
    eval: true,
    workerData: { parser, text },
    resourceLimits: { maxOldGenerationSizeMb: 64 },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | null>((resolve) => {
      worker.once('message', (visible: string) => resolve(visible));
      worker.once('error', () => resolve(null));
      worker.once('exit', () => resolve(null));
      timer = setTimeout(() => resolve(null), PATIENCE_MS);
    });
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
