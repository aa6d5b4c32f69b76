import type { Round } from '../arithmetic';
import type { Caller, ClosedLoop } from '../load/sender';
import { SEND_MESSAGE } from '../stage/baton';
import type { LiveServer } from '../stage/live-server';
import type { Stage } from '../stage/stage';
import { TEXTBOOK_SEND } from '../stage/textbook';
import type { Family } from './family';

const SENDERS = 64;
/** A server runs for days: neither side is measured before its code is compiled. */
const WARM_MS = 5000;
/** A list is more code, and little of it was compiled for lists by what came before. */
export const LIST_WARM_MS = 10_000;
/** Short ones and many: this machine's speed changes within seconds, and each round's two sides shall have the same of it. */
const ROUNDS = 7;

const roundMs = ({ plan }: Stage): number => Math.round((plan.loopMs * plan.rounds) / ROUNDS);

/** Sends by the whole request path. */
export const sendHttp: Family = {
  name: 'send-http',
  rows: ['send-http'],
  measure: async (stage) => {
    const [baton, textbook] = [await stage.baton(), await stage.textbook()];
    const loop = { path: '/graphql', milliseconds: roundMs(stage) };
    const ours = { ...loop, port: baton.port, query: SEND_MESSAGE, callers: baton.callers(SENDERS) };
    const theirs = { ...loop, port: textbook.port, query: TEXTBOOK_SEND, callers: textbook.callers(SENDERS) };
    await stage.closedLoop({ ...ours, milliseconds: WARM_MS });
    await stage.closedLoop({ ...theirs, milliseconds: WARM_MS });
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const [mine, its] = [await stage.closedLoop(ours), await stage.closedLoop(theirs)];
      rounds.push({ ours: mine.perSecond, rival: its.perSecond });
    }
    return { 'send-http': { rounds, notes: [] } };
  },
};

const PERSON = '{ id displayName }';
const ROW = (person: (name: string) => string): string => `id status controller lastSequence lastMessageAt
  visitor ${PERSON} operator ${PERSON} agent ${PERSON} lastMessage { id sequence kind authorKind text createdAt ${person('author')} }`;

const OURS = `query Inbox($id: ID!) { organization(id: $id) { conversations(first: 50, filter: { statuses: [OPEN] },
  orderBy: { field: LAST_MESSAGE_AT, direction: DESC }) { nodes { ${ROW((name) => `${name} ${PERSON}`)} } } } }`;
const THEIRS = `query Inbox($id: ID!) { conversations(organizationId: $id, first: 50) { ${ROW((name) => `${name} ${PERSON}`)} } }`;
const AT_ONCE = 4;

/** What the same answer costs the server: fifty conversations, each with four people and a message. */
export const nested: Family = {
  name: 'nested',
  rows: ['nested'],
  measure: async (stage) => {
    const [baton, textbook] = [await stage.baton(), await stage.textbook()];
    const callers = (token: string | undefined, id: string): Caller[] =>
      Array.from({ length: AT_ONCE }, () => ({ token: token ?? null, input: null, variables: { id } }));
    const loop = { path: '/graphql', milliseconds: roundMs(stage) };
    const ours = {
      ...loop,
      port: baton.port,
      query: OURS,
      callers: callers(baton.tokens[0], stage.world.organizationId),
    };
    const theirs = {
      ...loop,
      port: textbook.port,
      query: THEIRS,
      callers: callers(textbook.tokens[0], textbook.organizationId),
    };
    await cpuOfRequest(stage, baton, { ...ours, milliseconds: LIST_WARM_MS });
    await cpuOfRequest(stage, textbook, { ...theirs, milliseconds: LIST_WARM_MS });
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      rounds.push({ ours: await cpuOfRequest(stage, baton, ours), rival: await cpuOfRequest(stage, textbook, theirs) });
    }
    const notes = [`The rival: Apollo Server 5 on Express 5, type-graphql, TypeORM behind DataLoader.`];
    return { nested: { rounds, notes } };
  },
};

async function cpuOfRequest(stage: Stage, server: LiveServer, operation: ClosedLoop): Promise<number> {
  const before = await server.process.ask<number>('cpu');
  const { answered } = await stage.closedLoop(operation);
  return ((await server.process.ask<number>('cpu')) - before) / answered;
}
