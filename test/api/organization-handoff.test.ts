import { readConversation, readMessages, request, type Scene, startScene, addScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false, world: { agent: { responderKind: 'API' } } });
});
afterAll(() => scene.api.stop());

const SETTINGS = `query($id: ID!) { organization(id: $id) { version alertIntervalSeconds
  escalation { onlineSeconds everyoneSeconds fallback { id } }
  businessHours { timeZone weekly { day opens closes } closedDays isOpen nextOpening } } }`;
interface SettingsView {
  readonly organization: {
    readonly version: number;
    readonly alertIntervalSeconds: number;
    readonly escalation: unknown;
    readonly businessHours: { readonly isOpen: boolean; readonly nextOpening: string | null } | null;
  };
}

const RUNGS = `query($id: ID!) { conversation(id: $id) {
  handoff { rung nextRungAt rungs { rung state detail } } handoffOffer { reason nextOpening inquiryAvailable } } }`;
interface RungsView {
  readonly conversation: {
    readonly handoff: {
      readonly rung: string | null;
      readonly nextRungAt: string | null;
      readonly rungs: unknown[];
    } | null;
    readonly handoffOffer: { readonly reason: string | null; readonly nextOpening: string | null };
  };
}

/** Open on one day of the week: the one after tomorrow. Whatever day it is, it is closed now and opens then. */
function closedNow(): { timeZone: string; weekly: object[]; closedDays: string[] } {
  const days = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
  const day = days[(new Date().getUTCDay() + 2) % 7];
  return { timeZone: 'UTC', weekly: [{ day, opens: '09:00', closes: '17:00' }], closedDays: [] };
}

describe('updateOrganizationHandoff', () => {
  it.each([
    [{ escalation: { onlineSeconds: -1 } }, 'INVALID', 'escalation.onlineSeconds'],
    [{ escalation: { everyoneSeconds: 86_401 } }, 'INVALID', 'escalation.everyoneSeconds'],
    [{ escalation: { fallbackUserIds: ['nobody'] } }, 'NOT_FOUND', 'escalation.fallbackUserIds.0'],
    [{ alertIntervalSeconds: 0 }, 'INVALID', 'alertIntervalSeconds'],
    [
      { businessHours: { timeZone: 'UTC', weekly: [{ day: 'MONDAY', opens: '17:00', closes: '09:00' }] } },
      'INVALID',
      'businessHours.weekly.0.closes',
    ],
    [
      { businessHours: { timeZone: 'UTC', weekly: [{ day: 'MONDAY', opens: '9:00', closes: '17:00' }] } },
      'INVALID',
      'businessHours.weekly.0.opens',
    ],
    [
      { businessHours: { timeZone: 'UTC', weekly: [], closedDays: ['2027-02-30'] } },
      'INVALID',
      'businessHours.closedDays.0',
    ],
    [{ expectedVersion: 99, alertIntervalSeconds: 30 }, 'STALE_VERSION', null],
  ])('refuses %j', async (change, code, path) => {
    const { people, ids } = scene;
    const input = { organizationId: ids.organization, ...change };
    const { userErrors } = await people.manager.attempt('updateOrganizationHandoff', input);
    expect(userErrors).toMatchObject([{ code, ...(path === null ? {} : { path: path.split('.') }) }]);
  });

  it('refuses to name a member who handles no conversations, and one of another organization', async () => {
    const { people, ids, world } = scene;
    for (const person of ['viewer', 'otherMember'] as const) {
      const { viewer } = await people[person].ask<{ viewer: { id: string } }>('{ viewer { ... on User { id } } }');
      const escalation = { fallbackUserIds: [viewer.id] };
      const input = { organizationId: ids.organization, escalation };
      expect(await people.manager.refusals('updateOrganizationHandoff', input)).toEqual(['NOT_FOUND']);
    }
    expect(world.viewer.row.disabledAt).toBeNull();
  });

  it('keeps what is left out, and null takes away', async () => {
    const { people, ids } = await addScene(scene.api);
    const { viewer } = await people.manager.ask<{ viewer: { id: string } }>('{ viewer { ... on User { id } } }');
    const read = () => people.viewer.ask<SettingsView>(SETTINGS, { id: ids.organization });
    expect((await read()).organization).toMatchObject({
      alertIntervalSeconds: 60,
      escalation: null,
      businessHours: null,
    });
    const escalation = { onlineSeconds: 30, everyoneSeconds: 60, fallbackUserIds: [viewer.id] };
    const set = { organizationId: ids.organization, escalation, businessHours: closedNow(), alertIntervalSeconds: 120 };
    await people.manager.act('updateOrganizationHandoff', set);
    await people.manager.act('updateOrganizationHandoff', {
      organizationId: ids.organization,
      alertIntervalSeconds: 90,
    });
    const { organization } = await read();
    expect(organization).toMatchObject({
      version: 3,
      alertIntervalSeconds: 90,
      escalation: { onlineSeconds: 30, everyoneSeconds: 60, fallback: [{ id: viewer.id }] },
      businessHours: { ...closedNow(), isOpen: false },
    });
    expect(new Date(organization.businessHours!.nextOpening!).getUTCHours()).toBe(9);
    const clear = { organizationId: ids.organization, escalation: null, businessHours: null };
    await people.manager.act('updateOrganizationHandoff', clear);
    expect((await read()).organization).toMatchObject({
      alertIntervalSeconds: 90,
      escalation: null,
      businessHours: null,
    });
  });
});

describe('a request', () => {
  it('shows operators where it stands and why, and the visitor nothing of it', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const escalation = { onlineSeconds: 30, everyoneSeconds: 600 };
    await people.manager.act('updateOrganizationHandoff', { organizationId: ids.organization, escalation });
    const visit = await own.visit();
    const { visitor, conversationId } = visit;
    await request(visit);
    const seen = await people.operator.ask<RungsView>(RUNGS, { id: conversationId });
    expect(seen.conversation.handoff).toEqual({
      rung: 'EVERYONE',
      nextRungAt: null,
      rungs: [
        { rung: 'ONLINE', state: 'SKIPPED', detail: 'NOBODY_ONLINE' },
        { rung: 'EVERYONE', state: 'REACHED', detail: null },
        { rung: 'UNANSWERED', state: 'WAITING', detail: null },
      ],
    });
    const hidden = await visitor.ask<RungsView>(RUNGS, { id: conversationId });
    expect(hidden.conversation.handoff).toEqual({ rung: null, nextRungAt: null, rungs: [] });
  });
});

describe('outside of business hours', () => {
  it('nobody can be asked for; the offer says when, and the inquiry is open at once', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const { visitor, conversationId } = await own.visit();
    const businessHours = closedNow();
    await people.manager.act('updateOrganizationHandoff', { organizationId: ids.organization, businessHours });
    expect(await visitor.refusals('requestHandoff', { conversationId })).toEqual(['HANDOFF_NOT_OFFERED']);
    const { conversation } = await visitor.ask<RungsView>(RUNGS, { id: conversationId });
    expect(conversation.handoffOffer).toMatchObject({ reason: 'OUTSIDE_BUSINESS_HOURS', inquiryAvailable: true });
    expect(new Date(conversation.handoffOffer.nextOpening!).getTime()).toBeGreaterThan(Date.now());
    expect((await readConversation(visitor, conversationId)).viewerCan).not.toContain('REQUEST_HANDOFF');
    const inquiry = { conversationId, email: 'vera@example.com', text: 'When?', idempotencyKey: 'i' };
    await visitor.act('submitInquiry', inquiry);
    // Who watches may still take over: hours say when visitors can ask.
    await people.operator.act('takeOverConversation', { conversationId });
  });

  it('an announcement names the next opening', async () => {
    const own = await addScene(scene.api);
    const { people, ids } = own;
    const announcements = { cancelled: 'Back {nextOpening}.' };
    await people.manager.act('updateAgentHandoff', { agentId: ids.agent, announcements });
    const visit = await own.visit();
    const { visitor, conversationId } = visit;
    const handoffId = await request(visit);
    const businessHours = closedNow();
    await people.manager.act('updateOrganizationHandoff', { organizationId: ids.organization, businessHours });
    await visitor.act('cancelHandoff', { handoffId });
    const { text } = (await readMessages(visitor, conversationId)).at(-1)!;
    expect(text).toMatch(/^Back .*09:00/);
  });
});
