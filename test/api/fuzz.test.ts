import fc from 'fast-check';
import { type Answer, createAsker, type Asker } from './matrix/ask';
import { variablesOf } from './matrix/fuzz-values';
import { type IdField, readFields } from './matrix/id-fields';
import { createObjects, missing } from './matrix/objects';
import { addScene, type Scene, startScene } from './scene';
import type { Agent } from '../../src/entities/agent';

type Assigned = Agent & { organizationId: string };

const CALLERS = ['visitor', 'manager', 'owner', 'agentKey'] as const;
/** The same on every run: what is found once is found again. */
const SEED = 20_261_125;
const RUNS = 8;
const TOGETHER = 8;
/** Each of them takes a hash of half a second. */
const COSTLY = /^(signIn|acceptInvitation|resetPassword|createUser)$/;

let scene: Scene;
let fields: IdField[];
let ids: string[];
const askers: Asker[] = [];
beforeAll(async () => {
  scene = await startScene({ withWorker: false, env: { BATON_TRUST_PROXY: '1' } });
  const other = await addScene(scene.api);
  fields = await readFields(scene.nobody);
  const own = await createObjects(scene, scene.world.agent as Assigned);
  const foreign = await createObjects(other, other.world.agent as Assigned);
  ids = [...Object.values(own.ids), ...Object.values(foreign.ids), missing('conversation'), scene.ids.conversation];
});
afterAll(async () => {
  for (const asker of askers) asker.close();
  await scene.api.stop();
});

/** Nobody but us should ever read this. Input comes back in no answer, so that none of it is in there by itself. */
const INSIDE =
  /\b(select|insert into|update|delete from)\b.+\b(from|values|set|where)\b|relation "|violates|QueryFailed|TypeError|\\n +at |node_modules|\.[jt]s:\d/i;

/** Whoever asks them may ask nothing more: visitors may erase themselves, and need not say whom they mean. */
function endsTheAsker(field: string, asker: string): boolean {
  return field === 'eraseVisitor' ? asker === 'visitor' : ['signOut', 'endVisitorSession'].includes(field);
}

function isStream({ args }: IdField): boolean {
  return args.some(({ name }) => name === 'after');
}

/** One expectation for all of it: there are tens of thousands of answers. */
function expectSound(answer: Answer): void {
  const { status, data, errors = [] } = answer;
  const codes = errors.map(({ extensions }) => extensions?.code);
  const unsound = [
    ...[status].filter((code) => code !== 200 && code !== 400),
    ...(data === undefined && errors.length === 0 ? ['silence'] : []),
    ...codes.filter((code) => code === undefined || code === 'INTERNAL_SERVER_ERROR'),
    ...(INSIDE.exec(JSON.stringify(answer)) ?? []),
  ];
  expect(unsound).toEqual([]);
}

it.each(CALLERS)('answers whatever %s sends to any field: no 500, no SQL, no stack, no silence', async (name) => {
  const asker = createAsker(scene.api.url, scene.people[name].token);
  askers.push(asker);
  // Streams without a first item would be silent rightly.
  const asked = fields.filter(
    (field) => !endsTheAsker(field.name, name) && (field.kind !== 'subscription' || isStream(field)),
  );
  let cell = 0;
  const failureOf = async (field: IdField): Promise<object[]> => {
    const parents = field.parent === null ? {} : { parent: fc.constantFrom(...ids) };
    const variables = fc.record({ args: variablesOf(field.args, ids), ...parents });
    const property = fc.asyncProperty(variables, async ({ args, ...parent }) => {
      expectSound(await asker.ask(`fuzz ${String((cell += 1))}`, field, { ...args, ...parent }));
    });
    const checked = await fc.check(property, { seed: SEED, numRuns: COSTLY.test(field.name) ? 2 : RUNS });
    const { counterexample, errorInstance } = checked;
    return checked.failed ? [{ field: field.name, sent: counterexample, error: String(errorInstance) }] : [];
  };
  const failures: object[] = [];
  for (let at = 0; at < asked.length; at += TOGETHER) {
    failures.push(...(await Promise.all(asked.slice(at, at + TOGETHER).map(failureOf))).flat());
  }
  expect(failures).toEqual([]);
  // Else what came last was answered to somebody who is nobody any more.
  const { viewer } = await scene.people[name].ask<{ viewer: object | null }>('{ viewer { __typename } }');
  expect(viewer).not.toBeNull();
});
