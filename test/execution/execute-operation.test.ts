import { setImmediate as turn } from 'node:timers/promises';
import { runInThisContext } from 'node:vm';
import {
  type DocumentNode,
  execute,
  type ExecutionResult,
  NoUnusedVariablesRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { executeOperation } from '../../src/execution/execute-operation';
import { createHostileSchema } from './hostile-schema';
import { randomDocument } from './random-document';
import { Turns } from './turns';

const DOCUMENTS = 700;
const SEEDS = 2;

const schema = createHostileSchema();
// All operations declare the same variables.
const rules = specifiedRules.filter((rule) => rule !== NoUnusedVariablesRule);

const unhandled: unknown[] = [];

/** graphql-js leaves some rejections to nobody, for which Jest would fail the test: ours must not. */
async function countingUnhandled(work: () => Promise<void>): Promise<void> {
  // The process itself: that of a test is a copy, and its listeners are others.
  const real = runInThisContext('process') as NodeJS.Process;
  const listeners = real.listeners('unhandledRejection');
  const count = (reason: unknown): void => void unhandled.push(reason);
  real.removeAllListeners('unhandledRejection').on('unhandledRejection', count);
  try {
    await work();
  } finally {
    real.off('unhandledRejection', count);
    for (const listener of listeners) real.on('unhandledRejection', listener);
  }
}

/** Errors with their words, places and paths, in their order; data with the order of its names. */
async function told(run: typeof executeOperation, document: DocumentNode, variables: object, seed: number) {
  const turns = new Turns(seed);
  const args = { schema, document, variableValues: { ...variables }, contextValue: { seed, turns } };
  const { data, errors, ...rest } = await turns.until<ExecutionResult>(run(args));
  return JSON.stringify({ data, errors: errors?.map((error) => error.toJSON()), rest }, null, 1);
}

describe('executeOperation — against graphql-js', () => {
  const seen = { same: 0, withErrors: 0, whole: 0 };
  const compareAll = async (): Promise<void> => {
    for (let number = 0; number < DOCUMENTS; number += 1) {
      const { query, variables } = randomDocument(schema, number);
      const document = parse(query);
      if (validate(schema, document, rules).length > 0) continue;
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const expected = await told(execute, document, variables, seed);
        await turn();
        unhandled.length = 0;
        const actual = await told(executeOperation, document, variables, seed);
        await turn();
        // The whole of both, and what it was: a difference is looked into by hand.
        if (actual !== expected)
          throw new Error(`${query}\n${JSON.stringify({ variables, seed })}\n${expected}\n${actual}`);
        expect(unhandled).toEqual([]);
        seen.same += 1;
        if (expected.includes('"message"')) seen.withErrors += 1;
        else if (expected.length > 200) seen.whole += 1;
      }
    }
  };

  it('says the same of random documents on a schema where everything goes wrong', async () => {
    await countingUnhandled(compareAll);
    // A corpus of refusals, or one in which nothing fails, would show little.
    expect(seen.same).toBeGreaterThan(700);
    expect(seen.withErrors).toBeGreaterThan(300);
    expect(seen.whole).toBeGreaterThan(50);
  });

  it('says the same of what it does not prepare: no such operation, several without a name, __proto__', async () => {
    const document = parse('query A { count } query B { __proto__: count dots(n: 1) { __typename } }');
    for (const operationName of [undefined, null, '', 'A', 'B', 'C']) {
      const run = async (by: typeof executeOperation): Promise<string> => {
        const turns = new Turns(1);
        return JSON.stringify(
          await turns.until(by({ schema, document, operationName, contextValue: { seed: 5, turns } })),
        );
      };
      expect(await run(executeOperation)).toBe(await run(execute));
    }
  });

  it('says the same of the schema itself', async () => {
    const document = parse(
      '{ __schema { types { name fields { name type { kind ofType { name } } } } } __type(name: "Box") { name } }',
    );
    const args = { schema, document };
    expect(JSON.stringify(await executeOperation(args))).toBe(JSON.stringify(await execute(args)));
  });
});
