import { createScriptedResponder } from '../../src/responders/scripted';
import { SCRIPT } from '../../src/responders/script';
import { recordingContext, REFUSED, turnOf } from './turns';

const responder = createScriptedResponder(0);

async function replyTo(text: string, context = recordingContext(REFUSED)): Promise<string> {
  const outcome = await responder.respond(turnOf([['VISITOR', text]]), context);
  if (outcome.kind !== 'REPLY') throw new Error(`"${text}" led to ${outcome.kind}.`);
  return outcome.text;
}

describe('scripted responder', () => {
  test('the visitor asks for a person and the AI may not: nobody is asked for, and the reply says so', async () => {
    const context = recordingContext();
    const outcome = await responder.respond(
      turnOf([['VISITOR', 'Give me a human']], { mayRequestHuman: false }),
      context,
    );
    expect(outcome).toMatchObject({ kind: 'REPLY', text: expect.stringContaining('can’t bring a person') as string });
    expect(context.humanRequests).toEqual([]);
  });

  test('the request for a person is refused: the reply says so', async () => {
    expect(await replyTo('I want to talk to someone')).toContain('can’t bring a person');
  });

  test.each([
    'I want a HUMAN!',
    'Can I talk to someone?',
    'let me speak with somebody please',
    'a real person, please',
    'Get me an agent',
    'I have a complaint',
    'I demand a refund',
    'my money back',
    'Quiero hablar con una persona',
    '¿Puedo hablar con un agente?',
    'Necesito un reembolso',
    'Ich möchte mit einem Mitarbeiter sprechen',
    'Ich will eine Rückerstattung',
    'Das ist eine Beschwerde',
    'Je veux parler à un conseiller',
    'Je demande un remboursement',
    'Une réclamation',
    'Quero falar com um atendente',
    'Tenho uma reclamação',
  ])('"%s" asks for a person', async (text) => {
    const context = recordingContext();
    const outcome = await responder.respond(
      turnOf([
        ['VISITOR', 'Hello'],
        ['AI', 'Hi'],
        ['VISITOR', text],
      ]),
      context,
    );
    expect(outcome).toEqual({ kind: 'HUMAN_REQUESTED' });
    expect(context.humanRequests).toEqual([
      { reason: expect.stringMatching(/^The visitor /) as string, summary: `“Hello” “${text}”` },
    ]);
    expect(context.deltas).toEqual([]);
  });

  test.each([
    'What is the price per person?',
    'I don’t want to talk to a human',
    'Are you human?',
    'Tell me about humanity',
    'personal data',
  ])('"%s" does not ask for a person', async (text) => {
    const context = recordingContext();
    const outcome = await responder.respond(turnOf([['VISITOR', text]]), context);
    expect(outcome.kind).toBe('REPLY');
    expect(context.humanRequests).toEqual([]);
  });

  test.each(['Are you a real person?', 'is this a bot', 'Bist du ein Mensch?'])(
    '"%s" is answered truthfully',
    async (text) => {
      expect(await replyTo(text)).toContain('I’m an AI assistant');
    },
  );

  test('no rule claims to be human', () => {
    const answers = SCRIPT.flatMap(({ action }) => (action.kind === 'ANSWER' ? [action.text] : []));
    for (const answer of answers) expect(answer).not.toMatch(/I(’m| am) (a|your) (person|human|colleague)/i);
  });

  test('an unknown topic is named in the reply', async () => {
    expect(await replyTo('How do you grow Darjeeling leaves in winter?')).toContain('“grow darjeeling leaves”');
  });

  test.each(['???', 'it is', '🍵'])('"%s" has no topic: the reply asks for more', async (text) => {
    expect(await replyTo(text)).toContain('tell me in a few more words');
  });

  test('the same turn gets the same reply', async () => {
    expect(await replyTo('Where is my order?')).toBe(await replyTo('Where is my order?'));
  });

  test('the reply is shown in several pieces that add up to it', async () => {
    const context = recordingContext();
    const text = await replyTo('Where is my order?', context);
    expect(context.deltas.length).toBeGreaterThan(2);
    expect(context.deltas.join('')).toBe(text);
  });

  test('aborted between two pieces: rejects with the reason and shows nothing more', async () => {
    const context = recordingContext();
    const reason = new Error('taken over');
    context.onDelta = (text) => {
      context.deltas.push(text);
      context.abort(reason);
    };
    await expect(responder.respond(turnOf([['VISITOR', 'Where is my order?']]), context)).rejects.toBe(reason);
    expect(context.deltas).toHaveLength(1);
  });

  describe('after a hand-back', () => {
    const afterwards: Parameters<typeof turnOf>[0] = [
      ['VISITOR', 'A human, please'],
      ['AI', 'One moment'],
      ['OPERATOR', 'Maria here', 'Maria'],
      ['SYSTEM', 'Nova is back'],
      ['VISITOR', 'Where is my order?'],
    ];
    const brief = 'Parcel 77 leaves today.';

    test('the first answer carries the operator’s brief', async () => {
      const outcome = await responder.respond(turnOf(afterwards, { brief }), recordingContext());
      expect(outcome).toMatchObject({
        kind: 'REPLY',
        text: expect.stringMatching(/my colleague left me: Parcel 77 leaves today\.\n\nHappy to help/) as string,
      });
    });

    test('the second answer does not', async () => {
      const later = turnOf([...afterwards, ['AI', 'I’m back.'], ['VISITOR', 'Hello again']], { brief });
      const outcome = await responder.respond(later, recordingContext());
      expect(outcome).toMatchObject({ kind: 'REPLY', text: expect.not.stringContaining(brief) as string });
    });
  });
});
