import type { Caller } from '../support/api-client';
import { encodePublicId } from '../../src/domain/public-id';
import { addScene, request, type Scene, startScene, write } from './scene';

const STATS = `query($id: ID!, $range: DateRangeInput!) { organization(id: $id) { handoffStats(range: $range) {
  requested accepted waiting unanswered cancelled takenOver inProgress returned resolved transfers
  waitingTime { count p50Ms p90Ms } firstResponse { count } handlingTime { count }
  operators { operator { __typename id displayName } accepted takenOver received returned resolved transferred
    waitingTime { count } firstResponse { count } handlingTime { count } } } } }`;

interface StatsView {
  organization: {
    handoffStats: Record<string, unknown> & { operators: { operator: { id: string; __typename: string } }[] };
  };
}

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const NOW = Date.now();
const around = { from: new Date(NOW - 3_600_000).toISOString(), to: new Date(NOW + 3_600_000).toISOString() };
const read = async (who: Caller, id: string, range = around) =>
  (await who.ask<StatsView>(STATS, { id, range })).organization.handoffStats;

describe('Organization.handoffStats', () => {
  it('is refused to who may not read conversations, and for a range that is none or too long', async () => {
    const { people, ids } = scene;
    await people.owner.act('updateUser', { id: ids.viewer, permissions: ['MANAGE_AGENT_SETTINGS'] });
    const { errors } = await people.viewer.post(STATS, { id: ids.organization, range: around });
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    for (const range of [
      { from: around.to, to: around.from },
      { from: around.from, to: around.from },
      { from: '2025-01-01T00:00:00Z', to: '2026-01-02T00:00:01Z' },
    ]) {
      const answer = await people.operator.post(STATS, { id: ids.organization, range });
      expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    }
    const year = { from: '2025-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' };
    expect(await read(people.operator, ids.organization, year)).toMatchObject({ requested: 0 });
  });

  it('counts a request that was transferred once, and says of each operator what they did', async () => {
    const own = await addScene(scene.api);
    const { people, ids, world } = own;
    const online = people.secondOperator.subscribe('subscription { notificationAdded { id } }');
    const visit = await own.visit();
    const handoffId = await request(visit);
    await people.operator.act('acceptHandoff', { handoffId });
    await people.secondOperator.act('transferHandoff', { handoffId, toUserId: ids.secondOperator });
    await write(people.secondOperator, visit.conversationId, 'Hello');
    await people.secondOperator.act('transferHandoff', { handoffId, toUserId: null });
    await people.secondOperator.act('acceptHandoff', { handoffId });
    await people.secondOperator.act('closeConversation', { conversationId: visit.conversationId });
    const second = await own.visit(world.secondAgent);
    await people.operator.act('takeOverConversation', { conversationId: second.conversationId });

    const stats = await read(people.manager, ids.organization);
    expect(stats).toMatchObject({
      ...{ requested: 1, accepted: 1, waiting: 0, unanswered: 0, cancelled: 0, takenOver: 1, inProgress: 1 },
      ...{ returned: 0, resolved: 1, transfers: 2 },
      ...{ waitingTime: { count: 1 }, firstResponse: { count: 1 }, handlingTime: { count: 1 } },
    });
    const byId = new Map(stats.operators.map((each) => [each.operator.id, each]));
    expect(byId.get(ids.operator)).toMatchObject({
      ...{ accepted: 1, takenOver: 1, received: 0, transferred: 1, resolved: 0 },
      ...{ waitingTime: { count: 1 }, firstResponse: { count: 0 }, handlingTime: { count: 1 } },
    });
    expect(byId.get(ids.secondOperator)).toMatchObject({
      ...{ accepted: 1, takenOver: 0, received: 1, transferred: 1, resolved: 1 },
      ...{ waitingTime: { count: 0 }, firstResponse: { count: 1 }, handlingTime: { count: 2 } },
    });
    expect(byId.size).toBe(2);

    // Who manages no people sees how they work themselves, and how the team does.
    const mine = await read(people.operator, ids.organization);
    expect(mine).toMatchObject({ requested: 1, takenOver: 1 });
    expect(mine.operators.map(({ operator }) => operator.id)).toEqual([ids.operator]);
    // Who is limited to an agent sees what is of that one.
    expect(await read(people.limited, ids.organization)).toMatchObject({ requested: 1, takenOver: 0, operators: [] });
    await online.stop();
  });

  it('tells members of staff by their card, and back ends as far as their scopes go', async () => {
    const own = await addScene(scene.api);
    const { people, ids, world } = own;
    const visit = await own.visit();
    await people.owner.act('takeOverConversation', { conversationId: visit.conversationId });
    const ownerId = encodePublicId('user', world.owner.id);
    const [card] = (await read(people.manager, ids.organization)).operators;
    expect(card!.operator).toMatchObject({ __typename: 'OperatorCard', id: ownerId });
    const [account] = (await read(people.staffKey, ids.organization)).operators;
    expect(account!.operator).toMatchObject({ __typename: 'User', id: ownerId });
    const key = { workspaceId: ids.workspace, name: 'Reports', scopes: ['CONVERSATIONS'] };
    const { secret } = await people.owner.act('createApiKey', key);
    expect(await read(own.nobody.as(secret!), ids.organization)).toMatchObject({ takenOver: 1, operators: [] });
  });
});
