import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema, Query, Resolver } from 'type-graphql';
import '../../src/schema/agent-turn';
import '../../src/schema/connections';
import '../../src/schema/inputs/agent-inputs';
import '../../src/schema/inputs/api-key-inputs';
import '../../src/schema/inputs/conversation-inputs';
import '../../src/schema/inputs/conversation-list-inputs';
import '../../src/schema/inputs/handoff-inputs';
import '../../src/schema/inputs/inquiry-inputs';
import '../../src/schema/inputs/notification-inputs';
import '../../src/schema/inputs/organization-inputs';
import '../../src/schema/inputs/session-inputs';
import '../../src/schema/inputs/user-inputs';
import { Node } from '../../src/schema/node';
import '../../src/schema/page-args';
import '../../src/schema/payloads/agent-payloads';
import '../../src/schema/payloads/conversation-payloads';
import '../../src/schema/payloads/notification-payloads';
import '../../src/schema/payloads/session-payloads';
import '../../src/schema/payloads/user-payloads';
import { ConversationSignal } from '../../src/schema/signals';
import { ConversationEvent, HandoffEvent, OrganizationEvent } from '../../src/schema/stream-events';
import { Viewer } from '../../src/schema/viewer';

/** Types that are declared for later issues; no root of this one leads to them, so they are not published yet. */
export const typesWrittenAhead: readonly string[] = [
  'AcceptInvitationInput',
  'InvitationPayload',
  'InviteUserInput',
  'RequestPasswordResetInput',
  'RequestPasswordResetPayload',
  'ResetPasswordInput',
  'ResetPasswordPayload',
  'RevokeInvitationInput',
  'SendTestNotificationInput',
  'SendTestNotificationPayload',
];

/** The schema that clients are given, as text. The one place to change when it is printed from somewhere else. */
export function loadPrintedSchema(): Promise<string> {
  return printTypeLayer((name) => !typesWrittenAhead.includes(name));
}

/** Every type that `src/schema` declares as text, those for later issues included. */
export function printEveryType(): Promise<string> {
  return printTypeLayer(() => true);
}

@Resolver()
class PlaceholderResolver {
  @Query(() => Node, { nullable: true, description: 'Stands in for the real roots.' })
  node(): null {
    return null;
  }

  @Query(() => Viewer, { nullable: true, description: 'Stands in for the real roots.' })
  viewer(): null {
    return null;
  }

  @Query(() => ConversationEvent, { nullable: true, description: 'Stands in for the real roots.' })
  conversationEvent(): null {
    return null;
  }

  @Query(() => OrganizationEvent, { nullable: true, description: 'Stands in for the real roots.' })
  organizationEvent(): null {
    return null;
  }

  @Query(() => HandoffEvent, { nullable: true, description: 'Stands in for the real roots.' })
  handoffEvent(): null {
    return null;
  }

  @Query(() => ConversationSignal, { nullable: true, description: 'Stands in for the real roots.' })
  conversationSignal(): null {
    return null;
  }
}

async function printTypeLayer(publish: (typeName: string) => boolean): Promise<string> {
  const { objectTypes, inputTypes } = globalThis.TypeGraphQLMetadataStorage;
  const schema = await buildSchema({
    resolvers: [PlaceholderResolver],
    orphanedTypes: [...objectTypes, ...inputTypes].filter((each) => publish(each.name)).map((each) => each.target),
  });
  return printSchema(lexicographicSortSchema(schema));
}
