import { GraphQLError, type GraphQLFormattedError, type ValidationRule } from 'graphql';
import type { Log } from '../realtime/log';
import { formatError } from './format-error';
import { LIMITS, limitRules, type OperationLimits } from './limit-rules';
import type { OperationManifest } from './operation-manifest';

/** What every operation passes, however it came: HTTP and socket are given the same one. */
export interface Gate extends OperationLimits {
  /** The only documents that run; null: any that passes. */
  readonly operations: OperationManifest | null;
  /** The one translation of errors; null: the error belongs to no single request. */
  formatError(error: GraphQLError, requestId: string | null): GraphQLFormattedError;
}

export interface GateOptions {
  /** Without it the schema is hidden: from queries for it, and from suggestions in error messages. */
  readonly introspection: boolean;
  /** Reads the manifest, if there is one, given what its operations have to pass. */
  readonly operations: (limits: OperationLimits) => OperationManifest | null;
  readonly log: Log;
  /** Told of each error that is ours: its words stay in the log. */
  readonly onFailure?: () => void;
}

export function createGate({ introspection, operations, log, onFailure }: GateOptions): Gate {
  const maxTokens = LIMITS.tokens;
  const rules = introspection ? limitRules() : [hiddenSchemaRule, ...limitRules()];
  return {
    maxTokens,
    rules,
    operations: operations({ maxTokens, rules }),
    formatError: (error, requestId) => {
      const formatted = formatError(error, requestId, log);
      if (formatted.extensions?.code === 'INTERNAL_SERVER_ERROR') onFailure?.();
      const message = withAdvice(formatted.message);
      return { ...formatted, message: introspection ? message : withoutSuggestion(message) };
    },
  };
}

/** The rule of graphql-js has an error for every field below as well. */
const hiddenSchemaRule: ValidationRule = (context) => ({
  Field: (field) => {
    if (field.name.value !== '__schema' && field.name.value !== '__type') return;
    const message = 'Introspection is off on this server: schema.graphql in its repository has the schema.';
    context.reportError(new GraphQLError(message, { nodes: field }));
  },
});

/** graphql-js says that it stopped, and not what to do. */
function withAdvice(message: string): string {
  if (message === 'Validation aborted.') {
    return 'The operation repeats too many fields to be checked. Name each of them once, or split it into several.';
  }
  if (!/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message)) return message;
  return `The document has more than ${LIMITS.tokens} tokens. Split it into several operations, or put long values into variables.`;
}

/** "Did you mean …?" would tell the schema name by name. */
function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean [^]*\?$/, '');
}
