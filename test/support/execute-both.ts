import { isDeepStrictEqual } from 'node:util';
import { execute, type ExecutionResult, getOperationAST, OperationTypeNode, print } from 'graphql';
import type * as Execution from '../../src/execution/execute-operation';
import { ReadColumns, WHOLE_ROWS } from '../../src/queries/read-columns';
import type { RequestContext } from '../../src/resolvers/request-context';

type ExecuteOperation = typeof Execution.executeOperation;

/**
 * What a test file's server has executed twice, by our executor and by graphql-js, and then with as few columns as the
 * server would read when the question comes again.
 */
export const compared = { queries: 0, differences: [] as string[], narrowRows: 0 };

/** By the text of the question: what one caller's has taught is there for the next one's, as in the server. */
const columns = new Map<string, ReadColumns>();

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

async function compare(asked: Parameters<ExecuteOperation>[0], ours: ExecuteOperation): Promise<ExecutionResult> {
  const args = { ...asked, contextValue: (asked.contextValue as RequestContext).anew(WHOLE_ROWS) };
  const answer = await ours(args);
  const expected = await execute(args);
  compared.queries += 1;
  compareAnswers(args, answer, expected);
  // The first one teaches, unless another caller's has.
  if (!columns.has(print(args.document))) await executeNarrowly(args, ours);
  compareAnswers(args, await executeNarrowly(args, ours), expected);
  return answer;
}

function compareAnswers(
  { document }: Parameters<ExecuteOperation>[0],
  answer: ExecutionResult,
  expected: ExecutionResult,
): void {
  const [given, wanted] = [plain(answer), plain(expected)];
  if (isDeepStrictEqual(given, wanted)) return;
  compared.differences.push(`${print(document)}\n${JSON.stringify(given)}\n${JSON.stringify(wanted)}`);
}

async function executeNarrowly(
  args: Parameters<ExecuteOperation>[0],
  ours: ExecuteOperation,
): Promise<ExecutionResult> {
  const text = print(args.document);
  const known = columns.get(text) ?? new ReadColumns();
  columns.set(text, known);
  return known.answer((reading) =>
    ours({
      ...args,
      contextValue: (args.contextValue as RequestContext).anew({
        ...reading,
        narrow: (metadata) => {
          const narrow = reading.narrow(metadata);
          if (narrow !== null) compared.narrowRows += 1;
          return narrow;
        },
      }),
    }),
  );
}

/** Errors of fields that are executed side by side have no order. */
function plain({ data, errors = [] }: ExecutionResult): object {
  return {
    data: JSON.parse(JSON.stringify(data ?? null)) as unknown,
    errors: errors.map((error) => JSON.stringify(error)).sort(),
  };
}
