import { isDeepStrictEqual } from 'node:util';
import { execute, type ExecutionResult, getOperationAST, OperationTypeNode, print } from 'graphql';
import type * as Execution from '../../src/execution/execute-operation';

type ExecuteOperation = typeof Execution.executeOperation;

/** What a test file's server has executed twice, by our executor and by graphql-js. */
export const compared = { queries: 0, differences: [] as string[] };

/**
 * For `jest.mock`: executes every query both ways, answers with ours, and keeps what was not the same. Both use one
 * context, so the second one finds in the loaders what the first has read. Mutations are executed once.
 */
export function executeBoth(actual: typeof Execution): typeof Execution {
  const executeOperation: ExecuteOperation = (args) => {
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== OperationTypeNode.QUERY) return actual.executeOperation(args);
    return compare(args, actual.executeOperation);
  };
  return { ...actual, executeOperation };
}

async function compare(args: Parameters<ExecuteOperation>[0], ours: ExecuteOperation): Promise<ExecutionResult> {
  const answer = await ours(args);
  const expected = await execute(args);
  compared.queries += 1;
  const [given, wanted] = [plain(answer), plain(expected)];
  if (!isDeepStrictEqual(given, wanted)) {
    compared.differences.push(`${print(args.document)}\n${JSON.stringify(given)}\n${JSON.stringify(wanted)}`);
  }
  return answer;
}

/** Errors of fields that are executed side by side have no order. */
function plain({ data, errors = [] }: ExecutionResult): object {
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    errors: errors.map((error) => JSON.stringify(error)).sort(),
  };
}
