import type { ChatCompletionFunctionTool } from 'openai/resources/chat/completions';
import { z } from 'zod';
import type { HumanRequest } from './responder';

export const REQUEST_HUMAN = 'request_human';

const MAX_REASON_LENGTH = 500;
const MAX_SUMMARY_LENGTH = 2000;

export const requestHumanTool: ChatCompletionFunctionTool = {
  type: 'function',
  function: {
    name: REQUEST_HUMAN,
    description:
      'Asks a person from the team to take over this conversation. You stop answering while they are asked for.',
    parameters: {
      type: 'object',
      properties: {
        reason: { type: 'string', description: 'Why a person is needed, in one sentence.' },
        summary: {
          type: 'string',
          description: 'What the visitor wants and what was tried, so that nobody has to ask again.',
        },
      },
      required: ['reason', 'summary'],
      additionalProperties: false,
    },
  },
};

/** Blank is the same as absent; longer text is cut to what an alert can carry. */
function optionalText(maxLength: number) {
  return z
    .string()
    .nullish()
    .catch(null)
    .transform((text) => {
      const trimmed = Array.from(text?.replaceAll('\0', '').trim() ?? '')
        .slice(0, maxLength)
        .join('');
      return trimmed === '' ? null : trimmed;
    });
}

/** A request for a person as models and webhooks write it: both fields optional, anything unusable counts as absent. */
export const humanRequestSchema = z.object({
  reason: optionalText(MAX_REASON_LENGTH),
  summary: optionalText(MAX_SUMMARY_LENGTH),
});

/** A model that calls the tool wants a person, however badly it wrote the arguments. */
export function parseToolArguments(json: string): HumanRequest {
  try {
    const parsed = humanRequestSchema.safeParse(JSON.parse(json));
    return parsed.success ? parsed.data : { reason: null, summary: null };
  } catch (error) {
    if (error instanceof SyntaxError) return { reason: null, summary: null };
    throw error;
  }
}
