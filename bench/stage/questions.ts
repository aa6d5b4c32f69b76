/** A question to another process of the benchmark, over the channel that `fork` makes, and its answer. */
interface Question {
  readonly question: number;
  readonly name: string;
  readonly input: unknown;
}

export interface Answer {
  readonly question: number;
  readonly value?: unknown;
  readonly error?: string;
}

type Handler = (input: never) => unknown;

/**
 * Answers questions of the process that started this one. Several files may each answer their own; a name that a file
 * does not know is left to the others.
 */
export function answerQuestions(handlers: Readonly<Record<string, Handler>>): void {
  process.on('message', (message: Question) => {
    const handler = handlers[message.name];
    if (handler === undefined) return;
    void answer(message, handler).then((reply) => process.send?.(reply));
  });
}

async function answer({ question, input }: Question, handler: Handler): Promise<Answer> {
  try {
    return { question, value: await handler(input as never) };
  } catch (error) {
    return { question, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** Rivals and load processes live as long as the one that started them, and end with it whatever became of it. */
export function liveWithStarter(): void {
  process.channel?.ref();
  process.once('disconnect', () => process.exit(0));
}
