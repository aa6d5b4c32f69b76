import {
  type GraphQLError,
  type GraphQLFormattedError,
  NoSchemaIntrospectionCustomRule,
  type ValidationRule,
} from 'graphql';
import type { Log } from '../realtime/log';
import { formatError } from './format-error';
import { LIMITS, limitRules } from './limit-rules';
import type { OperationManifest } from './operation-manifest';

/** What every operation passes, however it came: HTTP and socket are given the same one. */
export interface Gate {
  /** For the parser: it stops at the first token too many. */
  readonly maxTokens: number;
  /** In addition to those of the GraphQL specification. */
  readonly rules: readonly ValidationRule[];
  /** The only documents that run; null: any that passes. */
  readonly operations: OperationManifest | null;
  /** The one translation of errors. */
  formatError(error: GraphQLError): GraphQLFormattedError;
}

export interface GateOptions {
  /** Without it the schema is hidden: from queries for it, and from suggestions in error messages. */
  readonly introspection: boolean;
  /** Reads the manifest, if there is one, given what its operations have to pass. */
  readonly operations: (limits: Pick<Gate, 'maxTokens' | 'rules'>) => OperationManifest | null;
  readonly log: Log;
}

export function createGate({ introspection, operations, log }: GateOptions): Gate {
  const maxTokens = LIMITS.tokens;
  const rules = introspection ? limitRules() : [NoSchemaIntrospectionCustomRule, ...limitRules()];
  return {
    maxTokens,
    rules,
    operations: operations({ maxTokens, rules }),
    formatError: (error) => {
      const formatted = formatError(error, log);
      const message = withAdvice(formatted.message);
      return { ...formatted, message: introspection ? message : withoutSuggestion(message) };
    },
  };
}

/** graphql-js says that it stopped, and not what to do. */
function withAdvice(message: string): string {
  if (!/^Syntax Error: Document contains more tha[nt] \d+ tokens/.test(message)) return message;
  return `The document has more than ${LIMITS.tokens} tokens. Split it into several operations, or put long values into variables.`;
}

/** "Did you mean …?" would tell the schema name by name. */
function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean [^]*\?$/, '');
}
