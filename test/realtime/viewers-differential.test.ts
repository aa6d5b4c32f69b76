import fc from 'fast-check';
import { type Permission, PERMISSIONS } from '../../src/domain/actor';
import type { LoggedEvent } from '../../src/domain/events';
import { decodePublicId } from '../../src/domain/public-id';
import { addScene, type Scene, startScene } from '../api/scene';
import { CONVERSATION_NAMES, FEED_NAMES } from './log-rows';
import { type GraphqlSocket, openGraphqlSocket, type Operation } from './graphql-socket';
import { comparable, type NaiveExecution, startNaiveExecution } from './naive-execution';
import { until } from './support';
import { documentOf, selections, type StreamKind } from './viewer-documents';
import { ACTIONS, FIXED, fixedViewer, type Stage, type Viewer } from './viewer-stage';
import { insertMember, type RandomMember } from './random-member';

/** The same worlds in every run: what is found once is found again. */
const SEED = 20_261_129;
const RUNS = 12;
const TIME_LIMIT_MS = 500_000;

let base: Scene;
let naive: NaiveExecution;
beforeAll(async () => {
  base = await startScene({ withWorker: false });
  naive = await startNaiveExecution(base.api);
});
afterAll(async () => {
  await naive.stop();
  await base.api.stop();
});

async function randomViewer(member: RandomMember, { scene }: Stage): Promise<Viewer> {
  const { token, agents } = await insertMember(base.api.source, scene.world, member);
  const readsOrganization = member.permissions.some((each) => /^(VIEW|HANDLE)_/.test(each));
  return { token, agents, readsOrganization, isStaff: false, ownConversation: null };
}

/** One subscription of one viewer, and what it has to be told. */
interface Watching {
  readonly stream: StreamKind;
  readonly viewer: Viewer;
  readonly isAllowed: boolean;
  readonly document: string;
  readonly variables: { readonly id: string; readonly withCopy: boolean };
  readonly operation: Operation<unknown>;
  /** How many of its frames have been looked at. One too many is found with the next action, however late it comes. */
  compared: number;
  isOf(event: LoggedEvent): boolean;
}

const scenario = fc.record({
  viewers: fc.subarray([...FIXED], { minLength: 5, maxLength: 7 }),
  members: fc.array(
    fc.record<RandomMember>({
      permissions: fc.subarray([...PERMISSIONS] as Permission[]),
      limitedTo: fc.option(fc.subarray(['agent', 'secondAgent'] as const), { nil: null }),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  documents: fc.tuple(selections, selections),
  /** Which of the documents, of the copies and of the streams each viewer takes. */
  choices: fc.array(fc.nat(11), { minLength: 10, maxLength: 10 }),
  script: fc.array(fc.constantFrom(...Object.keys(ACTIONS)), { minLength: 3, maxLength: 4 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

test(
  'every viewer is shown, frame by frame, what an execution for that viewer alone would have shown',
  async () => {
    let compared = 0;
    const property = fc.asyncProperty(scenario, async (chosen) => {
      const scene = await addScene(base.api);
      const stage: Stage = { scene, visits: [await scene.visit(), await scene.visit(scene.world.secondAgent)] };
      const viewers = [
        ...chosen.viewers.map((name) => fixedViewer(name, stage)),
        ...(await Promise.all(
          chosen.members.flatMap((member) => [member, member]).map((member) => randomViewer(member, stage)),
        )),
      ];
      const sockets: GraphqlSocket[] = [];
      const watching: Watching[] = [];
      try {
        for (const [index, viewer] of viewers.entries()) {
          const socket = openGraphqlSocket(base.api.url, viewer.token);
          sockets.push(socket);
          expect(await socket.acknowledged).toBe(true);
          watching.push(...watch(socket, viewer, stage, chosen, chosen.choices[index % chosen.choices.length]!));
        }
        await settled(watching, stage);
        for (const action of ['the first visitor writes', ...chosen.script]) {
          compared += await compareAction(watching, () => ACTIONS[action]!(stage));
        }
        // Shows frames too many of the last action.
        await compareAction(watching, () => Promise.resolve());
      } finally {
        for (const socket of sockets) socket.terminate();
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
    expect(compared).toBeGreaterThan(RUNS * 20);
  },
  TIME_LIMIT_MS,
);

function watch(
  socket: GraphqlSocket,
  viewer: Viewer,
  stage: Stage,
  { documents }: Scenario,
  choice: number,
): Watching[] {
  const { scene, visits } = stage;
  const selected = documents[choice % 2]!;
  const withCopy = choice % 3 === 0;
  const visited = viewer.ownConversation ?? (choice % 4 === 0 ? 1 : 0);
  const agents = [scene.world.agent.id, scene.world.secondAgent.id];
  const covers = (agentId: string | null): boolean =>
    viewer.agents === null || (agentId !== null && viewer.agents.includes(agentId));
  const conversationId = decodePublicId('conversation', visits[visited].conversationId);
  const open = (stream: StreamKind, id: string, isAllowed: boolean, isOf: Watching['isOf']): Watching => {
    const document = documentOf(stream, selected);
    const variables = { id, withCopy };
    const operation = socket.subscribe(document, variables);
    return { stream, viewer, isAllowed, document, variables, isOf, operation, compared: 0 };
  };
  const reads = viewer.isStaff || viewer.readsOrganization;
  return [
    open(
      'organization',
      scene.ids.organization,
      reads,
      (event) =>
        event.organizationId === scene.world.organization.id &&
        FEED_NAMES.includes(event.name) &&
        covers(event.agentId),
    ),
    open(
      'conversation',
      visits[visited].conversationId,
      viewer.ownConversation !== null || (reads && covers(agents[visited]!)),
      (event) => event.conversationId === conversationId && CONVERSATION_NAMES.includes(event.name),
    ),
    open(
      'workspace',
      scene.ids.workspace,
      viewer.isStaff,
      (event) => event.workspaceId === scene.world.workspace.id && FEED_NAMES.includes(event.name),
    ),
  ];
}

/** Each stream has begun or was refused, and whoever is online is known to be: some fields tell of it. */
async function settled(watching: readonly Watching[], { scene }: Stage): Promise<void> {
  for (const each of watching) {
    const { operation } = each;
    await until('an answer', () => operation.payloads.length + operation.errors.length > 0);
    expect(operation.errors).toHaveLength(each.isAllowed ? 0 : 1);
    each.compared = operation.payloads.length;
  }
  const online = new Set(watching.filter(({ viewer }) => !isKey(viewer)).map(({ viewer }) => viewer.token)).size;
  await until('presence', async () => {
    const [{ count }] = await base.api.source.query(
      'select count(*)::int as count from presences where workspace_id = $1',
      [scene.world.workspace.id],
    );
    return count === online;
  });
}

/** Does something, and compares what each viewer was sent of it before anything else happens. Answers how many frames. */
async function compareAction(watching: readonly Watching[], act: () => Promise<unknown>): Promise<number> {
  const before = await naive.topOfLog();
  await act();
  await until('the log', async () => {
    const [{ count }] = await base.api.source.query('select count(*)::int as count from outbox');
    return count === 0;
  });
  const events = await naive.eventsAfter(before);
  let compared = 0;
  for (const each of watching) {
    const told = each.isAllowed ? events.filter((event) => each.isOf(event)) : [];
    const payloads = () => each.operation.payloads.slice(each.compared);
    await until('its frames', () => payloads().length >= told.length);
    if (told.length === 0) {
      expect(payloads()).toEqual([]);
      continue;
    }
    const principal = await naive.principalOf(each.viewer.token);
    const expected = await Promise.all(told.map((event) => naive.payloadOf(each, principal, event)));
    expect(payloads().map(comparable)).toEqual(expected);
    each.compared += told.length;
    compared += told.length;
  }
  return compared;
}

/** A key makes nobody present. */
const isKey = ({ token }: Viewer): boolean => token.startsWith('bat_k_');
