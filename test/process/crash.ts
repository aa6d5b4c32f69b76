import { until } from '../realtime/support';
import { Caller } from '../support/api-client';
import type { ReceivedMail } from '../support/smtp-inbox';
import { gate, type ModelServer, piece, says } from '../support/model-server';
import type { World } from '../support/world';
import { addressesOf, conversationOf, type Deployment, messagesOf, OPERATORS, saidBy, type Visit } from './deployment';

/** What was to be seen after a worker was killed in the middle of its work. */
export interface CrashOutcome {
  readonly answers: readonly string[];
  readonly modelRequests: number;
  readonly turns: readonly string[];
  readonly mails: readonly ReceivedMail[];
  /** Mails that reached the mail server, taken or not. */
  readonly mailsSent: number;
  readonly deliveries: readonly string[];
}

/**
 * kill -9 of the one worker while it generates an answer and while its first mail hangs; another one has come by then. A
 * queue gives the dead one's job to the other after 30 to 45 s: what is to be seen then comes in `outcome`. Until then the
 * deployment may be used for other things.
 */
export async function crashOneWorker(
  deployment: Deployment,
  model: ModelServer,
): Promise<{ readonly outcome: Promise<CrashOutcome> }> {
  const { inbox } = deployment;
  const { url } = deployment.apis[0]!;
  const asked = { responderKind: 'OPENAI_COMPATIBLE', responderUrl: model.url, responderModel: 'any' } as const;
  const world = await deployment.createWorld({ ...asked, responderSecret: 'key' });
  const doomed = await deployment.addWorker({ BATON_WORKER_CONCURRENCY: '1' });

  model.script([piece('I was just about to'), gate('never opened')]);
  model.byDefault(says('We open at nine.'));
  const question = await deployment.visit(world.agent, url);
  await question.visitor.act('sendMessage', {
    conversationId: question.conversationId,
    clientNonce: 'q',
    text: 'Open?',
  });
  await model.reached('never opened');

  inbox.failNext({ kind: 'silence' });
  const request = await deployment.visit(world.agent, url);
  await request.visitor.act('requestHandoff', { conversationId: request.conversationId, reason: 'A refund.' });
  await until('the mail that hangs', () => inbox.textsReceived === 1);

  // Nobody else may have them before its lease ends.
  const hanging = await deployment.begunDeliveries();
  await deployment.addWorker();
  await doomed.end('SIGKILL');
  await deployment.letThemBeDue(hanging);
  return { outcome: outcomeOf(deployment, model, { world, question }) };
}

async function outcomeOf(
  deployment: Deployment,
  model: ModelServer,
  { world, question }: { readonly world: World; readonly question: Visit },
): Promise<CrashOutcome> {
  const { inbox } = deployment;
  const addresses = addressesOf(world);
  const states = (table: string): Promise<string[]> => deployment.statesOf(table, world);
  // The first API may be gone by then.
  const operator = new Caller(deployment.apis.at(-1)!.url, world.operator.token);
  const answers = await saidBy('AI', operator, question.conversationId);
  await until('all mails', () => inbox.mailsFor(addresses).length >= OPERATORS);
  await until('all deliveries recorded', async () => !(await states('deliveries')).includes('PENDING'));
  return {
    answers,
    modelRequests: model.requests.length,
    turns: await states('turns'),
    mails: inbox.mailsFor(addresses),
    mailsSent: inbox.textsFor(addresses),
    deliveries: await states('deliveries'),
  };
}

/** What was to be seen after Redis was emptied and then restarted. */
export interface FlushOutcome {
  readonly hurried: {
    readonly handoff: unknown;
    readonly controller: string;
    readonly announcements: readonly string[];
  };
  readonly mails: readonly ReceivedMail[];
}

/** Empties Redis and restarts it, right after two requests: one with a deadline in 3 s, one whose mails wait for their second try. */
export async function loseRedis(
  deployment: Deployment,
  redis: { flush(): Promise<void>; restart(): Promise<void> },
): Promise<FlushOutcome> {
  const { inbox, database } = deployment;
  const { url } = deployment.apis.at(-1)!;
  const world = await deployment.createWorld({ requestTimeoutSeconds: 300 });
  await until('that no other mail is on its way', async () => {
    const [row] = await database.query<{ count: string }>("select count(*) from deliveries where state = 'PENDING'");
    return row?.count === '0';
  });
  const deferred = Array.from({ length: OPERATORS }, () => ({ kind: 'reject', at: 'DATA', code: 451 }) as const);
  inbox.failNext(...deferred);
  const patient = await deployment.visit(world.agent, url);
  await patient.visitor.act('requestHandoff', { conversationId: patient.conversationId });
  await until('six mails that were put off', () => inbox.textsFor(addressesOf(world)) === OPERATORS);
  await until('their second tries in the queue', async () => {
    const [row] = await database.query<{ count: string }>(
      "select count(*) from deliveries where state = 'PENDING' and detail is not null",
    );
    return row?.count === String(OPERATORS);
  });
  const putOff = await deployment.begunDeliveries();

  const hurry = await deployment.createWorld({ requestTimeoutSeconds: 3 });
  const hurried: Visit = await deployment.visit(hurry.agent, url);
  await hurried.visitor.act('requestHandoff', { conversationId: hurried.conversationId });
  await redis.flush();
  await redis.restart();
  await redis.flush();
  await deployment.letThemBeDue(putOff);

  await until(
    'the end of the handoff',
    async () => (await conversationOf(hurried.visitor, hurried.conversationId)).handoff === null,
  );
  const ofPatient = (): readonly ReceivedMail[] => inbox.mailsFor(addressesOf(world));
  await until('the mails', () => ofPatient().length >= OPERATORS, 45_000);
  const { handoff, controller } = await conversationOf(hurried.visitor, hurried.conversationId);
  const messages = await messagesOf(hurried.visitor, hurried.conversationId);
  return { hurried: { handoff, controller, announcements: messages.map(({ text }) => text) }, mails: ofPatient() };
}
