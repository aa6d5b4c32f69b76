import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** The schema that clients are given: the committed file, which test/schema/committed-schema.test.ts holds to the code. */
export function loadPrintedSchema(): string {
  return readFileSync(join(__dirname, '../../schema.graphql'), 'utf8');
}

/** Every type that `src/schema` declares as text, those that no root leads to included. */
export function printEveryType(): Promise<string> {
  return printTypeLayer();
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

async function printTypeLayer(): Promise<string> {
  const { objectTypes, inputTypes } = globalThis.TypeGraphQLMetadataStorage;
  const schema = await buildSchema({
    resolvers: [PlaceholderResolver],
    orphanedTypes: [...objectTypes, ...inputTypes].map((each) => each.target),
  });
  return printSchema(lexicographicSortSchema(schema));
}
