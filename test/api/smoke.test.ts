import { ask, subscribe } from '../support/api-client';
import { startTestApi, type TestApi } from '../support/api';
import { createWorld, type World } from '../support/world';
import { encodePublicId } from '../../src/domain/public-id';

let api: TestApi;
let world: World;
beforeAll(async () => {
  api = await startTestApi();
  world = await createWorld(api.core.database.source);
});
afterAll(() => api.stop());

test('smoke', async () => {
  const conversationId = encodePublicId('conversation', world.conversation.id);
  const feed = subscribe<Record<string, unknown>>(
    api.url,
    {
      query: `subscription($id: ID!) { conversationEvents(conversationId: $id) { __typename ... on StreamReady { cursor recovered replayed }
        ... on MessageAdded { cursor message { sequence text author { displayName __typename } authorKind } }
        ... on HandoffChanged { handoff { state acceptedBy { displayName } conversation { controller } } }
        ... on ConversationChanged { conversation { controller controlEpoch viewerCan lastSequence unreadCount operator { displayName } } } } }`,
      variables: { id: conversationId },
    },
    world.operator.token,
  );
  await feed.waitFor((item) => item.__typename === 'StreamReady');
  const sent = await ask(
    api.url,
    `mutation($input: SendMessageInput!) { sendMessage(input: $input) { message { id sequence clientNonce author { id displayName __typename } conversation { id viewerCan unreadCount handoffOffer { mode reason operatorsOnline operators { displayName isOnline } inquiryAvailable } } } wasDuplicate userErrors { code message path } } }`,
    { input: { conversationId, clientNonce: 'a', text: 'hello' } },
    world.visitor.token,
  );
  console.log(JSON.stringify(sent, null, 1));
  const requested = await ask<{ requestHandoff: { handoff: { id: string } } }>(
    api.url,
    `mutation($input: RequestHandoffInput!) { requestHandoff(input: $input) { handoff { id state answerBy } conversation { controller } userErrors { code message path } } }`,
    { input: { conversationId, reason: 'please' } },
    world.visitor.token,
  );
  const accepted = await ask(
    api.url,
    `mutation($input: HandoffInput!) { acceptHandoff(input: $input) { handoff { id state acceptedBy { displayName email } } conversation { controller controlEpoch operator { displayName } viewerCan } userErrors { code message path } } }`,
    { input: { handoffId: requested.requestHandoff.handoff.id } },
    world.operator.token,
  );
  console.log(JSON.stringify([requested, accepted], null, 1));
  const list = await ask(
    api.url,
    `query($id: ID!) { organization(id: $id) { name branding { displayName } streamCursor conversations(first: 5) { totalCount nodes { id lastMessage { text } visitor { displayName presence { status } } agent { displayName handoff { enabled announcements { accepted } } responder { kind } } operator { displayName presence { status } notificationSettings { channels } } handoff { state summary inquiry { id } } messages(last: 5) { nodes { sequence text authorKind author { displayName } } pageInfo { hasPreviousPage startCursor } } } } members(first: 3) { nodes { displayName agents { displayName } permissions } } } viewer { __typename ... on User { displayName workspace { name } } } notifications(first: 5) { unseenCount nodes { kind title body deliveries { state detail channel } } } }`,
    { id: encodePublicId('organization', world.organization.id) },
    world.operator.token,
  ).catch((error: unknown) => error);
  console.log(JSON.stringify(list, null, 1), list);
  await feed.waitFor((item) => item.__typename === 'ConversationChanged' && JSON.stringify(item).includes('HUMAN'));
  console.log(JSON.stringify(feed.items, null, 1), feed.errors);
  await feed.stop();
});
