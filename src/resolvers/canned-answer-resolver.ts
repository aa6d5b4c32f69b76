import { GraphQLError } from 'graphql';
import { Arg, Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { fillPlaceholders, type PlaceholderValues } from '../domain/canned-answer';
import { countCodePoints } from '../domain/validation/text';
import { mayOnConversation } from '../domain/policies/conversation-policy';
import { mayReadCannedAnswers } from '../domain/policies/settings-policy';
import { decodePublicId } from '../domain/public-id';
import { NAMELESS_VISITOR } from '../domain/visitor-name';
import type { Conversation as ConversationRow } from '../entities/conversation';
import { presentCannedAnswer } from '../presenters/present-canned-answer';
import { presentOrganization } from '../presenters/present-organization';
import { presentPage } from '../presenters/present-page';
import { listCannedAnswers } from '../queries/canned-answers';
import { CannedAnswer, CannedAnswerText } from '../schema/canned-answer';
import { CannedAnswerConnection } from '../schema/connections';
import { Organization } from '../schema/organization';
import { CannedAnswerPageArgs } from '../schema/page-args';
import { type RequestContext, signedIn, userOf } from './request-context';
import { forbiddenField } from './request-errors';
import { required, stillThere } from './required';

const MAX_SEARCH = 100;

@Resolver(() => Organization)
export class OrganizationCannedAnswers {
  @FieldResolver(() => CannedAnswerConnection, {
    description:
      'What its operators need not write again, by title whatever its case. Needs HANDLE_CONVERSATIONS or MANAGE_ORGANIZATION.',
  })
  async cannedAnswers(
    @Root() root: Organization,
    @Args(() => CannedAnswerPageArgs) args: CannedAnswerPageArgs,
    @Ctx() context: RequestContext,
  ): Promise<CannedAnswerConnection> {
    const { organizationRef: organizationId, workspaceRef: workspaceId } = root;
    if (!mayReadCannedAnswers(signedIn(context), { workspaceId, organizationId })) {
      throw forbiddenField('You need the permission HANDLE_CONVERSATIONS.');
    }
    const search = args.search ?? '';
    if (countCodePoints(search.trim()) > MAX_SEARCH) {
      const message = `Search for at most ${MAX_SEARCH} characters.`;
      throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT', path: ['search'] } });
    }
    const rows = await context.read((manager) => listCannedAnswers(manager, organizationId, search, args));
    return Object.assign(new CannedAnswerConnection(), presentPage(rows, presentCannedAnswer));
  }
}

@Resolver(() => CannedAnswer)
export class CannedAnswerResolver {
  @FieldResolver()
  async organization(@Root() root: CannedAnswer, @Ctx() context: RequestContext): Promise<Organization> {
    return presentOrganization(
      required(await context.loaders.organizations.load(root.organizationRef), 'organization'),
    );
  }

  @FieldResolver(() => CannedAnswerText, {
    nullable: true,
    description:
      'What to send in a conversation: names of its visitor and agent, of the organization, and yours as the operator, are filled in. Null for a conversation of another organization, and for one that you may not read.',
  })
  async textFor(
    @Root() root: CannedAnswer,
    @Arg('conversationId', () => ID, { description: 'The conversation that it is to be sent in.' })
    conversationId: string,
    @Ctx() context: RequestContext,
  ): Promise<CannedAnswerText | null> {
    const id = decodePublicId('conversation', conversationId);
    const row = id === null ? null : await context.loaders.conversations.load(id);
    if (row === null || row.organizationId !== root.organizationRef) return null;
    if (!mayOnConversation(signedIn(context), 'viewNotes', row)) return null;
    const { text, missing } = fillPlaceholders(root.text, await valuesFor(row, root, context));
    return Object.assign(new CannedAnswerText(), { text, missing: [...missing] });
  }
}

async function valuesFor(
  conversation: ConversationRow,
  { organizationRef }: CannedAnswer,
  context: RequestContext,
): Promise<PlaceholderValues> {
  const { loaders } = context;
  const userId = userOf(context)?.userId ?? null;
  const [visitor, agent, organization, operator] = await Promise.all([
    loaders.visitors.load(conversation.visitorId),
    loaders.agents.load(conversation.agentId),
    loaders.organizations.load(organizationRef),
    userId === null ? null : loaders.users.load(userId),
  ]);
  const visitorName = stillThere(visitor, 'visitor').displayName;
  return {
    'visitor.name': visitorName === NAMELESS_VISITOR ? null : visitorName,
    'operator.name': operator?.displayName ?? null,
    'agent.name': required(agent, 'agent').displayName,
    'organization.name': required(organization, 'organization').name,
  };
}
