import { addScene, readMessages, request, type Scene, startScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const AGENT = `query($id: ID!) { agent(id: $id) { version handoff {
  escalation { onlineSeconds everyoneSeconds fallback { id } } escalationFrom
  businessHours { timeZone isOpen } businessHoursFrom alertIntervalSeconds alertIntervalFrom } } }`;
interface AgentView {
  readonly agent: { readonly version: number; readonly handoff: object };
}

const OFFER = `query($id: ID!) { conversation(id: $id) {
  handoff { rungs { rung state } } handoffOffer { reason nextOpening } } }`;
interface OfferView {
  readonly conversation: {
    readonly handoff: { readonly rungs: { readonly rung: string }[] } | null;
    readonly handoffOffer: { readonly reason: string | null; readonly nextOpening: string | null };
  };
}

const MINE = `{ viewer { ... on User { id notificationSettings {
  channels channelsFrom events eventsFrom alertIntervalSeconds alertIntervalFrom } } } }`;
interface MineView {
  readonly viewer: { readonly id: string; readonly notificationSettings: object };
}

const NEVER = { timeZone: 'Europe/Madrid', weekly: [], closedDays: [] };
const ALWAYS = {
  timeZone: 'UTC',
  weekly: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'].map((day) => ({
    day,
    opens: '00:00',
    closes: '24:00',
  })),
  closedDays: [],
};

describe('updateAgentHandoff', () => {
  it.each([
    [{ escalation: null }, 'INVALID', 'escalation'],
    [{ businessHours: null }, 'INVALID', 'businessHours'],
    [{ alertIntervalSeconds: 3601 }, 'INVALID', 'alertIntervalSeconds'],
    [{ alertIntervalSeconds: 60, clearAlertInterval: true }, 'INVALID', 'clearAlertInterval'],
    [{ escalation: { onlineSeconds: 1 }, clearEscalation: true }, 'INVALID', 'clearEscalation'],
    [{ businessHours: NEVER, clearBusinessHours: true }, 'INVALID', 'clearBusinessHours'],
    [{ escalation: { fallbackUserIds: ['nobody'] } }, 'NOT_FOUND', 'escalation.fallbackUserIds.0'],
  ])('refuses %j', async (change, code, path) => {
    const { people, ids } = scene;
    const { userErrors } = await people.manager.attempt('updateAgentHandoff', { agentId: ids.agent, ...change });
    expect(userErrors).toMatchObject([{ code, path: path.split('.') }]);
  });

  it('refuses to name who may not handle the agent: without the permission, limited to others, of another organization', async () => {
    const { people, ids } = scene;
    for (const [person, agentId] of [
      ['viewer', ids.agent],
      ['limited', ids.secondAgent],
      ['otherMember', ids.agent],
    ] as const) {
      const { viewer } = await people[person].ask<MineView>(MINE);
      const input = { agentId, escalation: { fallbackUserIds: [viewer.id] } };
      expect(await people.manager.refusals('updateAgentHandoff', input)).toEqual(['NOT_FOUND']);
    }
  });

  it('sets over the organization, says so value by value, and gives back what is cleared', async () => {
    const { people, ids } = await addScene(scene.api);
    const read = async () => (await people.viewer.ask<AgentView>(AGENT, { id: ids.agent })).agent.handoff;
    expect(await read()).toEqual({
      ...{ escalation: null, escalationFrom: 'DEFAULT', businessHours: null, businessHoursFrom: 'DEFAULT' },
      ...{ alertIntervalSeconds: 60, alertIntervalFrom: 'DEFAULT' },
    });
    const ofOrganization = { escalation: { onlineSeconds: 30 }, businessHours: NEVER, alertIntervalSeconds: 120 };
    await people.manager.act('updateOrganizationHandoff', { organizationId: ids.organization, ...ofOrganization });
    expect(await read()).toMatchObject({
      ...{ escalation: { onlineSeconds: 30 }, escalationFrom: 'ORGANIZATION' },
      ...{ businessHours: { timeZone: 'Europe/Madrid' }, businessHoursFrom: 'ORGANIZATION' },
      ...{ alertIntervalSeconds: 120, alertIntervalFrom: 'ORGANIZATION' },
    });
    const { viewer } = await people.operator.ask<MineView>(MINE);
    const escalation = { everyoneSeconds: 10, fallbackUserIds: [viewer.id] };
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, escalation, alertIntervalSeconds: 5 });
    expect(await read()).toMatchObject({
      escalation: { onlineSeconds: 0, everyoneSeconds: 10, fallback: [{ id: viewer.id }] },
      ...{ escalationFrom: 'AGENT', businessHoursFrom: 'ORGANIZATION' },
      ...{ alertIntervalSeconds: 5, alertIntervalFrom: 'AGENT' },
    });
    const clear = { clearEscalation: true, clearBusinessHours: true, clearAlertInterval: true };
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, ...clear });
    expect(await read()).toMatchObject({ escalationFrom: 'ORGANIZATION', alertIntervalFrom: 'ORGANIZATION' });
  });
});

describe('an agent with settings of its own', () => {
  it('lays its own ladder, and the next agent that of the organization', async () => {
    const own = await addScene(scene.api);
    const { people, ids, world } = own;
    const organizationId = ids.organization;
    await people.manager.act('updateOrganizationHandoff', { organizationId, escalation: { onlineSeconds: 30 } });
    const { viewer } = await people.operator.ask<MineView>(MINE);
    const escalation = { everyoneSeconds: 60, fallbackUserIds: [viewer.id] };
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, escalation });
    const laid = async (visit: Awaited<ReturnType<typeof own.visit>>) => {
      await request(visit);
      const seen = await people.operator.ask<OfferView>(OFFER, { id: visit.conversationId });
      return seen.conversation.handoff!.rungs.map(({ rung }) => rung);
    };
    expect(await laid(await own.visit())).toEqual(['EVERYONE', 'FALLBACK', 'UNANSWERED']);
    expect(await laid(await own.visit(world.secondAgent))).toEqual(['ONLINE', 'EVERYONE', 'UNANSWERED']);
  });

  it('is open while its organization is closed, and closed while that is open', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const { visitor, conversationId } = await own.visit();
    const reason = async () =>
      (await visitor.ask<OfferView>(OFFER, { id: conversationId })).conversation.handoffOffer.reason;
    const organizationId = ids.organization;
    await people.manager.act('updateOrganizationHandoff', { organizationId, businessHours: NEVER });
    expect(await reason()).toBe('OUTSIDE_BUSINESS_HOURS');
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, businessHours: ALWAYS });
    expect(await reason()).toBeNull();
    await people.manager.act('updateOrganizationHandoff', { organizationId, businessHours: ALWAYS });
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, businessHours: NEVER });
    expect(await reason()).toBe('OUTSIDE_BUSINESS_HOURS');
    expect(await visitor.refusals('requestHandoff', { conversationId })).toEqual(['HANDOFF_NOT_OFFERED']);
  });

  it('announces its own next opening', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const announcements = { cancelled: 'Back {nextOpening}.' };
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, announcements });
    const visit = await own.visit();
    const handoffId = await request(visit);
    const daily = (opens: string) => ({
      ...ALWAYS,
      weekly: ALWAYS.weekly.map(({ day }) => ({ day, opens, closes: '24:00' })),
    });
    const organizationId = ids.organization;
    await people.manager.act('updateOrganizationHandoff', { organizationId, businessHours: daily('23:01') });
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, businessHours: daily('23:58') });
    await visit.visitor.act('cancelHandoff', { handoffId });
    const { text } = (await readMessages(visit.visitor, visit.conversationId)).at(-1)!;
    expect(text).toMatch(/^Back .*(11|23):58/);
  });

  it('that moves to another organization no longer names members of the former one', async () => {
    const { people, ids, world } = await addScene(scene.api);
    const [operator, owner] = await Promise.all([people.operator, people.owner].map((who) => who.ask<MineView>(MINE)));
    const escalation = { fallbackUserIds: [operator!.viewer.id, owner!.viewer.id] };
    await people.owner.act('updateAgentHandoff', { agentId: ids.agent, escalation });
    const organizationId = ids.otherOrganization;
    await people.owner.act('assignAgent', { agentId: ids.agent, organizationId });
    const seen = await people.owner.ask<AgentView>(AGENT, { id: ids.agent });
    expect(seen.agent.handoff).toMatchObject({
      escalationFrom: 'AGENT',
      escalation: { fallback: [{ id: owner!.viewer.id }] },
    });
    expect(world.operator.row.disabledAt).toBeNull();
  });
});

describe('notification settings', () => {
  it('are the own ones, over those of the organization, over the defaults; a default changes nobody who chose', async () => {
    const { people, ids } = await addScene(scene.api);
    const read = async (who: 'operator' | 'secondOperator' | 'owner') =>
      (await people[who].ask<MineView>(MINE)).viewer.notificationSettings;
    const byDefault = {
      ...{ channels: ['EMAIL'], channelsFrom: 'DEFAULT', events: 'REQUESTS_ONLY', eventsFrom: 'DEFAULT' },
      ...{ alertIntervalSeconds: 60, alertIntervalFrom: 'DEFAULT' },
    };
    expect(await read('operator')).toEqual(byDefault);
    await people.operator.act('updateNotificationSettings', { channels: ['EMAIL'], alertIntervalSeconds: 5 });
    const chosen = await read('operator');
    expect(chosen).toEqual({
      ...byDefault,
      ...{ channelsFrom: 'MEMBER', alertIntervalSeconds: 5, alertIntervalFrom: 'MEMBER' },
    });
    const memberDefaults = { memberChannels: ['PUSH'], memberEvents: 'ALL_MESSAGES', alertIntervalSeconds: 90 };
    await people.manager.act('updateOrganizationHandoff', { organizationId: ids.organization, ...memberDefaults });
    expect(await read('operator')).toEqual({ ...chosen, events: 'ALL_MESSAGES', eventsFrom: 'ORGANIZATION' });
    expect(await read('secondOperator')).toEqual({
      ...{ channels: ['PUSH'], channelsFrom: 'ORGANIZATION', events: 'ALL_MESSAGES', eventsFrom: 'ORGANIZATION' },
      ...{ alertIntervalSeconds: 90, alertIntervalFrom: 'ORGANIZATION' },
    });
    expect(await read('owner')).toEqual(byDefault);
    const clear = { clearChannels: true, clearAlertInterval: true };
    await people.operator.act('updateNotificationSettings', clear);
    expect(await read('operator')).toEqual(await read('secondOperator'));
    const nothing = { memberChannels: null, memberEvents: null, alertIntervalSeconds: null };
    await people.manager.act('updateOrganizationHandoff', { organizationId: ids.organization, ...nothing });
    expect(await read('operator')).toEqual(byDefault);
  });

  it.each([
    [{ channels: ['PUSH'], clearChannels: true }, 'clearChannels'],
    [{ events: 'ALL_MESSAGES', clearEvents: true }, 'clearEvents'],
    [{ alertIntervalSeconds: 5, clearAlertInterval: true }, 'clearAlertInterval'],
    [{ alertIntervalSeconds: 0 }, 'alertIntervalSeconds'],
  ])('refuse %j', async (input, path) => {
    const { userErrors } = await scene.people.operator.attempt('updateNotificationSettings', input);
    expect(userErrors).toMatchObject([{ code: 'INVALID', path: [path] }]);
  });

  it('of the organization take MANAGE_ORGANIZATION', async () => {
    const { people, ids } = scene;
    const input = { organizationId: ids.organization, memberChannels: [] };
    expect(await people.operator.refusals('updateOrganizationHandoff', input)).toEqual(['FORBIDDEN']);
  });
});
