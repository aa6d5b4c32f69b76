import { createOutgoing } from '../../src/outgoing/outgoing';
import { createGuardedFetch } from '../../src/responders/guarded-fetch';
import { selectResponder, type ResponderConfig } from '../../src/responders/select-responder';
import { says, startModelServer } from '../support/model-server';
import { startWebhookServer } from '../support/webhook-server';
import { recordingContext, turnOf } from './turns';

const dependencies = {
  fetch: createGuardedFetch({ allowLoopback: true }),
  request: createOutgoing({ allowLoopback: true }).request,
};
const question = turnOf([['VISITOR', 'Hello']]);

function config(overrides: Partial<ResponderConfig>): ResponderConfig {
  return { kind: 'NONE', url: null, model: null, instructions: null, secret: null, ...overrides };
}

describe('selectResponder', () => {
  test.each(['NONE', 'API'] as const)('%s: nothing is written here', (kind) => {
    expect(selectResponder(config({ kind, url: 'https://example.com' }), dependencies)).toBeNull();
  });

  test.each([
    config({ kind: 'OPENAI_COMPATIBLE', model: 'tea-1' }),
    config({ kind: 'OPENAI_COMPATIBLE', url: 'https://example.com', model: ' ' }),
    config({ kind: 'WEBHOOK', secret: 'secret' }),
    config({ kind: 'WEBHOOK', url: 'https://example.com' }),
  ])('incomplete configuration %j: each turn fails for good', async (incomplete) => {
    const outcome = await selectResponder(incomplete, dependencies)?.respond(question, recordingContext());
    expect(outcome).toMatchObject({
      kind: 'FAILED',
      retryable: false,
      detail: expect.stringContaining('not set') as string,
    });
  });

  test('SCRIPTED: answers without any endpoint', async () => {
    const outcome = await selectResponder(config({ kind: 'SCRIPTED' }), dependencies)?.respond(
      question,
      recordingContext(),
    );
    expect(outcome).toMatchObject({ kind: 'REPLY' });
  });

  test('OPENAI_COMPATIBLE: asks the endpoint with the model and the secret as key', async () => {
    const server = await startModelServer();
    try {
      server.script(says('Hello!'));
      const stored = config({ kind: 'OPENAI_COMPATIBLE', url: server.url, model: 'tea-1', secret: ' sk-1\n' });
      expect(await selectResponder(stored, dependencies)?.respond(question, recordingContext())).toEqual({
        kind: 'REPLY',
        text: 'Hello!',
      });
      expect(await server.received(1)).toMatchObject({
        body: { model: 'tea-1' },
        headers: { authorization: 'Bearer sk-1' },
      });
    } finally {
      await server.close();
    }
  });

  test('WEBHOOK: posts the turn, signed with the secret', async () => {
    const server = await startWebhookServer({ secret: 'any secret' });
    try {
      server.answer({ status: 200, body: { reply: 'Hello!' } });
      const stored = config({ kind: 'WEBHOOK', url: server.url, secret: 'any secret' });
      expect(await selectResponder(stored, dependencies)?.respond(question, recordingContext())).toEqual({
        kind: 'REPLY',
        text: 'Hello!',
      });
      expect((await server.received(1)).signatureIsValid).toBe(true);
    } finally {
      await server.close();
    }
  });
});
