import { GraphQLError, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import type { LimitCall } from '../limits/limit-call';
import type { LimitReached } from '../limits/rate-limits';
import type { RequestContext } from '../resolvers/request-context';

type Resolve = GraphQLFieldResolver<unknown, RequestContext>;

/**
 * Counts the call before the resolver of a root field runs, whichever transport it came over and however often one
 * document names the field. Throws RATE_LIMITED when it is one too many.
 */
export function limited(field: { name: string; isSubscription: boolean }, resolve: Resolve): Resolve {
  return async (source, args: Record<string, unknown>, context, info): Promise<unknown> => {
    const reached = await onceInOperation(context, info, () =>
      context.app.limits.reached(callOf(field, args, context)),
    );
    if (reached !== null) throw rateLimited(reached);
    return resolve(source, args, context, info);
  };
}

/** An operation that is executed again, of other columns, is still one. */
function onceInOperation(
  { limitsAsked }: RequestContext,
  { path }: GraphQLResolveInfo,
  ask: () => Promise<LimitReached | null>,
): Promise<LimitReached | null> {
  const place = String(path.key);
  const answer = limitsAsked?.get(place) ?? ask();
  limitsAsked?.set(place, answer);
  return answer;
}

function callOf(
  field: { name: string; isSubscription: boolean },
  args: Record<string, unknown>,
  { app, principal, request }: RequestContext,
): LimitCall {
  const { input } = args;
  return {
    field: field.name,
    isSubscription: field.isSubscription,
    address: request.address,
    principal,
    input: typeof input === 'object' && input !== null ? { ...input } : {},
    organizationOf: (agentId) => app.organizationOfAgent(agentId),
  };
}

function rateLimited({ retryAfterMs }: LimitReached): GraphQLError {
  const seconds = Math.ceil(retryAfterMs / 1000);
  const wait = seconds === 1 ? 'a second' : `${String(seconds)} seconds`;
  return new GraphQLError(`Too many requests of this kind. Try again in ${wait}.`, {
    extensions: { code: 'RATE_LIMITED', retryAfterMs },
  });
}
