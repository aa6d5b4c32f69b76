import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import { buildSchema, type PubSub } from 'type-graphql';
import { missingScopes } from '../domain/policies/scope-policy';
import { AgentMutations } from '../resolvers/agent-mutations';
import { AgentResolver } from '../resolvers/agent-resolver';
import { AgentTurnResolver } from '../resolvers/agent-turn-resolver';
import { ApiKeyMutations } from '../resolvers/api-key-mutations';
import { ApiKeyResolver } from '../resolvers/api-key-resolver';
import { AttachmentResolver } from '../resolvers/attachment-resolver';
import { AuditEntryResolver } from '../resolvers/audit-entry-resolver';
import { OrganizationAuditLog, WorkspaceAuditLog } from '../resolvers/audit-log-resolver';
import { CannedAnswerMutations } from '../resolvers/canned-answer-mutations';
import { CannedAnswerResolver, OrganizationCannedAnswers } from '../resolvers/canned-answer-resolver';
import { ConversationMutations } from '../resolvers/conversation-mutations';
import { ConversationResolver } from '../resolvers/conversation-resolver';
import { EventSubscriptions } from '../resolvers/event-subscriptions';
import { HandoffMutations } from '../resolvers/handoff-mutations';
import {
  OrganizationHandoffCounts,
  OrganizationHandoffStats,
  OperatorStatsResolver,
} from '../resolvers/handoff-stats-resolver';
import { HandoffResolver } from '../resolvers/handoff-resolver';
import { HostResolver } from '../resolvers/host-resolver';
import { ImpersonationResolver } from '../resolvers/impersonation-resolver';
import { InquiryMutations } from '../resolvers/inquiry-mutations';
import { InquiryAnswerResolver, InquiryResolver } from '../resolvers/inquiry-resolver';
import { InvitationMutations } from '../resolvers/invitation-mutations';
import { InvitationResolver } from '../resolvers/invitation-resolver';
import { LiveSubscriptions } from '../resolvers/live-subscriptions';
import { MailSettingsResolver } from '../resolvers/mail-settings-resolver';
import { MessageResolver } from '../resolvers/message-resolver';
import { NoteResolver } from '../resolvers/note-resolver';
import { NotificationMutations } from '../resolvers/notification-mutations';
import { NotificationResolver } from '../resolvers/notification-resolver';
import { OperatorCardResolver } from '../resolvers/operator-card-resolver';
import { OrganizationMutations } from '../resolvers/organization-mutations';
import {
  AgentLadderResolver,
  EscalationResolver,
  OrganizationHandoffResolver,
} from '../resolvers/organization-handoff-resolver';
import { OrganizationResolver } from '../resolvers/organization-resolver';
import { PasswordResetMutations } from '../resolvers/password-reset-mutations';
import { PublicAgentResolver } from '../resolvers/public-agent-resolver';
import { ReadResolver } from '../resolvers/read-resolver';
import { type RequestContext, signedIn } from '../resolvers/request-context';
import { forbiddenField } from '../resolvers/request-errors';
import { SessionMutations } from '../resolvers/session-mutations';
import { ConversationTranscripts, TranscriptResolver } from '../resolvers/transcript-resolver';
import { UserMutations } from '../resolvers/user-mutations';
import { UserResolver } from '../resolvers/user-resolver';
import { VisitorMutations } from '../resolvers/visitor-mutations';
import { VisitorResolver } from '../resolvers/visitor-resolver';
import { WorkspaceResolver } from '../resolvers/workspace-resolver';
import { OperatorCard } from '../schema/operator-card';
import { Session } from '../schema/session';
import { inSpan } from '../tracing/spans';
import { limited } from './limit-field';
import { callPlainly, readPropertiesPlainly } from './plain-resolvers';

/** type-graphql insists on one as soon as there is a subscription; every one of ours brings its own stream. */
const NO_PUB_SUB: PubSub = {
  publish: refuse,
  subscribe: refuse,
};

/** Root fields that answer a caller without a credential. */
const PUBLIC_FIELDS: ReadonlySet<string> = new Set([
  'brandingFor',
  'acceptInvitation',
  'publicAgent',
  'requestPasswordReset',
  'resetPassword',
  'signIn',
  'startVisitorSession',
  'viewer',
]);

/** The executable schema. Input is checked by the commands, so that a refusal is data: `validate` stays off. */
export async function createSchema(): Promise<GraphQLSchema> {
  readPropertiesPlainly();
  const schema = await buildSchema({
    resolvers: [
      AgentMutations,
      AgentResolver,
      AgentTurnResolver,
      ApiKeyMutations,
      ApiKeyResolver,
      AttachmentResolver,
      AuditEntryResolver,
      CannedAnswerMutations,
      CannedAnswerResolver,
      ConversationMutations,
      ConversationResolver,
      ConversationTranscripts,
      EventSubscriptions,
      HandoffMutations,
      HandoffResolver,
      HostResolver,
      ImpersonationResolver,
      InquiryAnswerResolver,
      InquiryMutations,
      InquiryResolver,
      InvitationMutations,
      InvitationResolver,
      LiveSubscriptions,
      MailSettingsResolver,
      MessageResolver,
      NoteResolver,
      NotificationMutations,
      NotificationResolver,
      OperatorCardResolver,
      OperatorStatsResolver,
      OrganizationAuditLog,
      OrganizationCannedAnswers,
      OrganizationHandoffCounts,
      OrganizationHandoffStats,
      OrganizationMutations,
      AgentLadderResolver,
      EscalationResolver,
      OrganizationHandoffResolver,
      OrganizationResolver,
      PasswordResetMutations,
      PublicAgentResolver,
      ReadResolver,
      SessionMutations,
      TranscriptResolver,
      UserMutations,
      UserResolver,
      VisitorMutations,
      VisitorResolver,
      WorkspaceAuditLog,
      WorkspaceResolver,
    ],
    // Reached through an interface alone, where the schema builder would not find them.
    orphanedTypes: [OperatorCard, Session],
    pubSub: NO_PUB_SUB,
    validate: false,
    // An introspection of the whole schema: a tenth of a start. Apollo Server validates it, and a test does.
    skipCheck: true,
  });
  callPlainly(schema);
  guardRootFields(schema);
  return schema;
}

type Resolve = GraphQLFieldResolver<unknown, RequestContext>;

/** Before anything else of a root field, so that a malformed id or a new resolver cannot answer a stranger, or a key beyond its scopes. */
function guardRootFields(schema: GraphQLSchema): void {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    const isSubscription = root === schema.getSubscriptionType();
    for (const field of Object.values(root?.getFields() ?? {})) {
      const { name } = field;
      const guard = (resolve: Resolve = defaultFieldResolver): Resolve => {
        const counted = limited({ name, isSubscription }, resolve);
        // Nothing is counted for a stranger who is refused anyway.
        return traced(`${String(root)}.${name}`, PUBLIC_FIELDS.has(name) ? counted : guarded(name, counted));
      };
      if (isSubscription) field.subscribe = guard(field.subscribe);
      else field.resolve = guard(field.resolve);
    }
  }
}

/** One span for each root field: a command, a list, the opening of a stream. */
function traced(name: string, resolve: Resolve): Resolve {
  return (...call) => inSpan(name, {}, async () => resolve(...call));
}

function guarded(name: string, resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    const [missing] = missingScopes(signedIn(context), name);
    if (missing !== undefined) {
      throw forbiddenField(`This API key lacks the scope ${missing}: make one that has it with createApiKey.`);
    }
    return resolve(source, args, context, info);
  };
}

function refuse(): never {
  throw new Error('Subscriptions use the streams of src/realtime, never a PubSub.');
}
