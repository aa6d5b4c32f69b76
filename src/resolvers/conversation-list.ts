import { RefusedInput, inputIds } from './payload';
import type { GraphQLResolveInfo } from 'graphql';
import { presentConversation } from '../presenters/present-conversation';
import { presentPage } from '../presenters/present-page';
import { type Companion, readCompanions } from '../queries/companions';
import type { ConversationFilter as FilterRows } from '../queries/conversation-filter';
import { searchProblem } from '../queries/conversation-search';
import { type ConversationOwner, countConversations, listConversations } from '../queries/conversations';
import { ConversationConnection } from '../schema/connections';
import type { ConversationFilter } from '../schema/inputs/conversation-list-inputs';
import type { ConversationPageArgs } from '../schema/page-args';
import { type RequestContext, signedIn } from './request-context';
import { badInput } from './request-errors';
import { namesBelow } from './selected-fields';

const COMPANIONS: readonly Companion[] = ['visitor', 'agent', 'operator', 'lastMessage', 'author'];

/** A page of an owner's conversations; the caller has made sure that the viewer may list them. */
export async function conversationList(
  context: RequestContext,
  owner: ConversationOwner,
  args: ConversationPageArgs,
  info: GraphQLResolveInfo,
): Promise<ConversationConnection> {
  const principal = signedIn(context);
  const filter = args.filter == null ? null : filterRows(args.filter);
  const page = await context.read((manager) =>
    listConversations(manager, principal, owner, filter, args.orderBy ?? null, args, context.reading),
  );
  await readCompanions(
    context.loaders,
    page.rows.map(({ row }) => row),
    companionsOf(info),
  );
  return Object.assign(new ConversationConnection(), presentPage(page, presentConversation), {
    countTotal: () => context.read((manager) => countConversations(manager, principal, owner, filter)),
  });
}

/** By the fields that are selected somewhere below; those that decide by the agent's settings need the agent. */
function companionsOf(info: GraphQLResolveInfo): ReadonlySet<Companion> {
  const names = namesBelow(info);
  const companions = new Set(COMPANIONS.filter((companion) => names.has(companion)));
  if (names.has('operatorCard')) companions.add('operator');
  if (names.has('handoffOffer') || names.has('viewerCan')) companions.add('agent');
  return companions;
}

/** An id that is none finds nothing, like an id of somebody else: the list must not tell them apart. */
function filterRows(filter: ConversationFilter): FilterRows {
  const problem = searchProblem(filter.search ?? '');
  if (problem !== null) throw badInput(problem, ['filter', 'search']);
  return idsOf(() => ({
    ...filter,
    agentIds: inputIds('agent', filter.agentIds, 'filter', 'agentIds'),
    operatorIds: inputIds('user', filter.operatorIds, 'filter', 'operatorIds'),
  }));
}

/** What `read` makes of the ids of a filter. A text that is no id at all is a mistake of the query, not of the mutation. */
export function idsOf<Filter>(read: () => Filter): Filter {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RefusedInput)) throw error;
    throw badInput(error.message, error.refusal.path);
  }
}
