import { graphql, type GraphQLSchema, validateSchema } from 'graphql';
import { buildSchema, Query, Resolver } from 'type-graphql';
import { Actor } from '../../src/schema/actor';
import { Agent } from '../../src/schema/agent';
import { ApiKey } from '../../src/schema/api-key';
import { ConversationConnection, MessageConnection, NotificationConnection } from '../../src/schema/connections';
import { Conversation } from '../../src/schema/conversation';
import { Handoff } from '../../src/schema/handoff';
import { Inquiry } from '../../src/schema/inquiry';
import { Message } from '../../src/schema/message';
import { Node } from '../../src/schema/node';
import { Notification } from '../../src/schema/notification';
import { OperatorCard } from '../../src/schema/operator-card';
import { Organization } from '../../src/schema/organization';
import { PageInfo } from '../../src/schema/page-info';
import { PushSubscription } from '../../src/schema/push-subscription';
import { PresenceChanged, ReplyDelta, TypingChanged, ConversationSignal } from '../../src/schema/signals';
import {
  ConversationChanged,
  ConversationEvent,
  HandoffChanged,
  HandoffEvent,
  InquiryChanged,
  MessageAdded,
  OrganizationEvent,
  StreamReady,
} from '../../src/schema/stream-events';
import { User } from '../../src/schema/user';
import { Viewer } from '../../src/schema/viewer';
import { Visitor } from '../../src/schema/visitor';
import { Workspace } from '../../src/schema/workspace';

/** What the next query answers with. */
const stage: { answer: unknown } = { answer: null };

@Resolver()
class StageResolver {
  @Query(() => Node, { nullable: true })
  node(): unknown {
    return stage.answer;
  }

  @Query(() => Actor, { nullable: true })
  actor(): unknown {
    return stage.answer;
  }

  @Query(() => Viewer, { nullable: true })
  viewer(): unknown {
    return stage.answer;
  }

  @Query(() => ConversationEvent, { nullable: true })
  conversationEvent(): unknown {
    return stage.answer;
  }

  @Query(() => OrganizationEvent, { nullable: true })
  organizationEvent(): unknown {
    return stage.answer;
  }

  @Query(() => HandoffEvent, { nullable: true })
  handoffEvent(): unknown {
    return stage.answer;
  }

  @Query(() => ConversationSignal, { nullable: true })
  signal(): unknown {
    return stage.answer;
  }

  @Query(() => MessageConnection, { nullable: true })
  messages(): unknown {
    return stage.answer;
  }

  @Query(() => ConversationConnection, { nullable: true })
  conversations(): unknown {
    return stage.answer;
  }

  @Query(() => NotificationConnection, { nullable: true })
  notifications(): unknown {
    return stage.answer;
  }
}

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildSchema({ resolvers: [StageResolver] });
});

async function ask(query: string, answer: unknown = null): Promise<unknown> {
  stage.answer = answer;
  const result = await graphql({ schema, source: query });
  if (result.errors) throw new Error(result.errors.map((each) => each.message).join('; '));
  return JSON.parse(JSON.stringify(result.data));
}

test('the type layer, is a valid schema', () => {
  expect(validateSchema(schema)).toEqual([]);
});

describe('an abstract type', () => {
  test('refuses an object that is no instance of a member', async () => {
    await expect(ask('{ node { id } }', { id: 'conv_1' })).rejects.toThrow();
    await expect(ask('{ handoffEvent { __typename } }', new MessageAdded())).rejects.toThrow();
  });

  const nodes = [
    Workspace,
    Organization,
    User,
    Agent,
    Visitor,
    Conversation,
    Message,
    Handoff,
    Inquiry,
    Notification,
    PushSubscription,
    ApiKey,
  ];
  const cases = [
    ...nodes.map((cls) => ['node', cls] as const),
    ...[User, Agent, Visitor, OperatorCard].map((cls) => ['actor', cls] as const),
    ...[User, Visitor, ApiKey].map((cls) => ['viewer', cls] as const),
    ...[StreamReady, MessageAdded, ConversationChanged, HandoffChanged].map(
      (cls) => ['conversationEvent', cls] as const,
    ),
    ...[StreamReady, MessageAdded, ConversationChanged, HandoffChanged, InquiryChanged].map(
      (cls) => ['organizationEvent', cls] as const,
    ),
    ...[StreamReady, HandoffChanged].map((cls) => ['handoffEvent', cls] as const),
    ...[TypingChanged, PresenceChanged, ReplyDelta].map((cls) => ['signal', cls] as const),
  ];

  test.each(cases.map(([field, cls]) => [field, cls.name, cls] as const))(
    '%s tells a %s by its class',
    async (field, name, cls) => {
      expect(await ask(`{ ${field} { __typename } }`, new cls())).toEqual({ [field]: { __typename: name } });
    },
  );

  test('gives the fields of its interface from plain properties', async () => {
    const card = Object.assign(new OperatorCard(), {
      id: 'usr_1',
      displayName: 'Ana',
      avatarUrl: null,
      isOnline: true,
      userRef: 'hidden',
    });
    const query = '{ actor { id displayName avatarUrl ... on OperatorCard { isOnline } } }';
    expect(await ask(query, card)).toEqual({
      actor: { id: 'usr_1', displayName: 'Ana', avatarUrl: null, isOnline: true },
    });
  });
});

describe('a connection', () => {
  const pageInfo = Object.assign(new PageInfo(), {
    hasNextPage: false,
    hasPreviousPage: false,
    startCursor: 'a',
    endCursor: 'b',
  });
  const edges = ['msg_1', 'msg_2'].map((id) => ({ cursor: id, node: Object.assign(new Message(), { id }) }));

  test('lists the nodes of its edges in their order', async () => {
    const answer = Object.assign(new MessageConnection(), { edges, pageInfo });
    expect(
      await ask('{ messages { nodes { id } edges { cursor node { id } } pageInfo { endCursor } } }', answer),
    ).toEqual({
      messages: {
        nodes: [{ id: 'msg_1' }, { id: 'msg_2' }],
        edges: [
          { cursor: 'msg_1', node: { id: 'msg_1' } },
          { cursor: 'msg_2', node: { id: 'msg_2' } },
        ],
        pageInfo: { endCursor: 'b' },
      },
    });
  });

  test('counts only when the count is asked for', async () => {
    let counted = 0;
    const countTotal = (): Promise<number> => Promise.resolve(++counted + 40);
    const answer = Object.assign(new ConversationConnection(), { edges: [], pageInfo, countTotal });
    expect(await ask('{ conversations { nodes { id } } }', answer)).toEqual({ conversations: { nodes: [] } });
    expect(counted).toBe(0);
    expect(await ask('{ conversations { totalCount } }', answer)).toEqual({ conversations: { totalCount: 41 } });
  });

  test('of notifications says how many are new', async () => {
    const answer = Object.assign(new NotificationConnection(), {
      edges: [],
      pageInfo,
      countUnseen: () => Promise.resolve(7),
    });
    expect(await ask('{ notifications { unseenCount nodes { id } } }', answer)).toEqual({
      notifications: { unseenCount: 7, nodes: [] },
    });
  });
});
