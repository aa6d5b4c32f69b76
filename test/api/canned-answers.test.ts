import type { Caller } from '../support/api-client';
import { type Scene, startScene } from './scene';

let scene: Scene;
beforeAll(async () => {
  scene = await startScene({ withWorker: false });
});
afterAll(() => scene.api.stop());
afterEach(() => scene.api.source.query('truncate canned_answers'));

const LIST = `query($id: ID!, $first: Int, $after: String, $search: String) { organization(id: $id) {
  cannedAnswers(first: $first, after: $after, search: $search) { nodes { title } pageInfo { hasNextPage endCursor } } } }`;
interface Listed {
  organization: {
    cannedAnswers: { nodes: { title: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } };
  } | null;
}
const TEXT_FOR = `query($id: ID!, $conversationId: ID!) { node(id: $id) { ... on CannedAnswer {
  organization { id } textFor(conversationId: $conversationId) { text missing } } } }`;
interface Filled {
  node: { textFor: { text: string; missing: string[] } | null } | null;
}

const make = async (values: Readonly<Record<string, unknown>> = {}, who: Caller = scene.people.manager) => {
  const input = {
    organizationId: scene.ids.organization,
    title: 'Refund',
    shortcut: '/refund',
    text: 'It is on its way.',
  };
  return (await who.act('createCannedAnswer', { ...input, ...values })).cannedAnswer!;
};
const list = async (who: Caller, variables: Readonly<Record<string, unknown>> = {}) =>
  (await who.ask<Listed>(LIST, { id: scene.ids.organization, ...variables })).organization!.cannedAnswers;
const titles = async (who: Caller, variables: Readonly<Record<string, unknown>> = {}): Promise<string[]> =>
  (await list(who, variables)).nodes.map(({ title }) => title);
const textFor = async (who: Caller, id: string, conversationId: string): Promise<Filled['node']> =>
  (await who.ask<Filled>(TEXT_FOR, { id, conversationId })).node;

describe('canned answers', () => {
  it('are written by who manages the organization, and refused to everybody else', async () => {
    const { people, ids } = scene;
    const input = { organizationId: ids.organization, title: 'T', shortcut: '/t', text: 'Text' };
    for (const [who, code] of [
      ['operator', 'FORBIDDEN'],
      ['viewer', 'FORBIDDEN'],
      ['visitor', 'NOT_FOUND'],
      ['agentKey', 'NOT_FOUND'],
      ['otherMember', 'NOT_FOUND'],
    ] as const) {
      expect([who, await people[who].refusals('createCannedAnswer', input)]).toEqual([who, [code]]);
    }
    const { id } = await make();
    for (const [who, code] of [
      ['operator', 'FORBIDDEN'],
      ['viewer', 'NOT_FOUND'],
      ['visitor', 'NOT_FOUND'],
      ['agentKey', 'NOT_FOUND'],
      ['otherMember', 'NOT_FOUND'],
    ] as const) {
      expect([who, await people[who].refusals('updateCannedAnswer', { id, title: 'Mine' })]).toEqual([who, [code]]);
      expect([who, await people[who].refusals('deleteCannedAnswer', { id })]).toEqual([who, [code]]);
    }
    for (const who of ['owner', 'staffKey'] as const) await make({ shortcut: `/${who}` }, people[who]);
    expect((await people.manager.act('deleteCannedAnswer', { id })).deletedCannedAnswerId).toBe(id);
    expect(await people.manager.refusals('deleteCannedAnswer', { id })).toEqual(['NOT_FOUND']);
  });

  it('are listed by title in pages, and searched in all of their texts', async () => {
    const { operator } = scene.people;
    for (const [title, text] of [
      ['banana', 'One'],
      ['Apple', 'Two 100%'],
      ['apple', 'Three'],
      ['Cherry', 'Four'],
    ] as const) {
      await make({ title, shortcut: `/${text.split(' ')[0]}`, text });
    }
    const sorted = ['Apple', 'apple', 'banana', 'Cherry'];
    expect(await titles(operator)).toEqual(sorted);
    const first = await list(operator, { first: 2 });
    expect(first.pageInfo.hasNextPage).toBe(true);
    const rest = await titles(operator, { first: 2, after: first.pageInfo.endCursor });
    expect([...first.nodes.map(({ title }) => title), ...rest]).toEqual(sorted);
    expect(await titles(operator, { search: 'APPLE' })).toEqual(['Apple', 'apple']);
    expect(await titles(operator, { search: '/four' })).toEqual(['Cherry']);
    expect(await titles(operator, { search: '%' })).toEqual(['Apple']);
    expect(await titles(operator, { search: ' ' })).toEqual(sorted);
    const variables = { id: scene.ids.organization, search: 'x'.repeat(101) };
    expect((await operator.post(LIST, variables)).errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('are read by who handles conversations or manages the organization, and by nobody else', async () => {
    const { people, ids } = scene;
    await make();
    for (const who of ['operator', 'limited', 'manager', 'owner', 'staffKey'] as const) {
      expect([who, await titles(people[who])]).toEqual([who, ['Refund']]);
    }
    const refused = await people.viewer.post(LIST, { id: ids.organization });
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    for (const who of ['otherMember', 'visitor', 'agentKey'] as const) {
      expect(await people[who].ask<Listed>(LIST, { id: ids.organization })).toEqual({ organization: null });
    }
  });

  it('have one shortcut each, whatever its case; other organizations have theirs', async () => {
    const { people, ids } = scene;
    const { id, shortcut } = await make({ shortcut: '/Refund' });
    expect(shortcut).toBe('/refund');
    const again = { organizationId: ids.organization, title: 'T', shortcut: '/REFUND', text: 'Text' };
    const refusal = { code: 'CONFLICT', path: ['shortcut'] };
    expect((await people.manager.attempt('createCannedAnswer', again)).userErrors).toMatchObject([refusal]);
    await make({ organizationId: ids.otherOrganization }, people.owner);
    const other = await make({ shortcut: '/other' });
    const taken = await people.manager.attempt('updateCannedAnswer', { id: other.id, shortcut: '/refund' });
    expect(taken.userErrors).toMatchObject([refusal]);
    expect((await people.manager.act('updateCannedAnswer', { id, shortcut: '/REFUND' })).cannedAnswer!.version).toBe(1);
    const both = await Promise.all(
      [1, 2].map(() => people.manager.attempt('createCannedAnswer', { ...again, shortcut: '/x' })),
    );
    expect(both.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(['CONFLICT']);
  });

  it('are refused with a placeholder that nothing fills, and with a version that somebody has changed', async () => {
    const { manager } = scene.people;
    const { id } = await make();
    const attempt = await manager.attempt('updateCannedAnswer', { id, text: 'Hi {{visitor.age}}', title: ' ' });
    expect(attempt.userErrors).toMatchObject([
      { code: 'INVALID', path: ['title'] },
      { code: 'INVALID', path: ['text'] },
    ]);
    const { cannedAnswer } = await manager.act('updateCannedAnswer', { id, title: 'Money', expectedVersion: 1 });
    expect(cannedAnswer).toMatchObject({ title: 'Money', version: 2 });
    const stale = await manager.attempt('updateCannedAnswer', { id, title: 'Cash', expectedVersion: 1 });
    expect(stale).toMatchObject({ cannedAnswer: { title: 'Money' }, userErrors: [{ code: 'STALE_VERSION' }] });
  });

  it('are 500 at most in an organization', async () => {
    const { people, ids, world } = scene;
    await scene.api.source.query(
      `insert into canned_answers (id, workspace_id, organization_id, title, shortcut, text, created_at, updated_at)
       select gen_random_uuid(), $1, $2, 't', '/s' || n, 'x', now(), now() from generate_series(1, 500) n`,
      [world.workspace.id, world.organization.id],
    );
    const input = { organizationId: ids.organization, title: 'T', shortcut: '/t', text: 'Text' };
    expect(await people.manager.refusals('createCannedAnswer', input)).toEqual(['LIMIT_EXCEEDED']);
    await make({ organizationId: ids.otherOrganization }, people.owner);
  });
});

describe('CannedAnswer.textFor', () => {
  const text = 'Hi {{visitor.name|there}}, {{operator.name}} of {{organization.name}} here; {{agent.name}} told me.';

  it('fills in the conversation, and the operator who asks', async () => {
    const { people, world } = scene;
    const { id } = await make({ text });
    const { conversationId } = await scene.visit();
    const { displayName } = world.agent;
    const filled = `Hi Vera, oscar of ${world.organization.name} here; ${displayName} told me.`;
    expect(await textFor(people.operator, id, conversationId)).toMatchObject({
      textFor: { text: filled, missing: [] },
    });
    const byKey = await textFor(people.staffKey, id, conversationId);
    expect(byKey).toMatchObject({ textFor: { missing: ['operator.name'] } });
  });

  it('takes a visitor who has told no name for one without', async () => {
    const { people, api } = scene;
    const { id } = await make({ text: 'Hi {{visitor.name|there}}' });
    const { conversationId } = await scene.visit();
    await api.source.query(`update visitors set display_name = 'Visitor'`);
    expect(await textFor(people.operator, id, conversationId)).toMatchObject({ textFor: { text: 'Hi there' } });
  });

  it('is null for a conversation of another organization or agent, though one may read the canned answer', async () => {
    const { people, world } = scene;
    const { id } = await make({ text });
    const elsewhere = await scene.visit(world.otherAgent);
    expect(await textFor(people.owner, id, elsewhere.conversationId)).toMatchObject({ textFor: null });
    const hidden = await scene.visit(world.secondAgent);
    expect(await textFor(people.limited, id, hidden.conversationId)).toMatchObject({ textFor: null });
    expect(await textFor(people.manager, id, 'conv_none')).toMatchObject({ textFor: null });
    expect(await textFor(people.viewer, id, hidden.conversationId)).toBeNull();
  });
});
