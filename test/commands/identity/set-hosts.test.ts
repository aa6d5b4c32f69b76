import { type SetHosts, setHosts } from '../../../src/commands/organization/set-hosts';
import { newId } from '../../../src/database/ids';
import { Host } from '../../../src/entities/host';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
let foreign: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  await database.source.query('delete from hosts');
  [world, foreign] = await Promise.all([createWorld(database.source), createWorld(database.source)]);
});
afterAll(() => database.close());

type Change = Partial<SetHosts> & { hosts: readonly string[] };
type Who = 'owner' | 'admin' | 'manager' | 'operator' | 'visitor' | 'agentKey' | 'staffKey';

const set = (change: Change, who: Who = 'owner', own = world): ReturnType<typeof setHosts> =>
  setHosts(
    database,
    own[who].principal,
    { workspaceId: own.workspace.id, ...change },
    { reservedHosts: ['desk.baton.example'] },
  );

/** "host of whom" of every row. */
async function stored(): Promise<string[]> {
  const rows = await database.source.manager.find(Host, { order: { host: 'ASC' } });
  return rows.map(({ host, workspaceId, organizationId }) => `${host} ${organizationId ?? workspaceId}`);
}

describe('setHosts', () => {
  it.each(['manager', 'operator', 'agentKey'] as const)('by %s, who is no staff, is forbidden', async (who) => {
    const change = { organizationId: world.organization.id, hosts: ['a.example'] };
    expect(codes(await set(change, who))).toEqual(['FORBIDDEN']);
    expect(await stored()).toEqual([]);
  });

  it('by a visitor, who knows of no workspace, or in a foreign workspace is NOT_FOUND', async () => {
    expect(codes(await set({ hosts: ['a.example'] }, 'visitor'))).toEqual(['NOT_FOUND workspaceId']);
    const elsewhere = { workspaceId: foreign.workspace.id, hosts: ['a.example'] };
    const missing = await set({ ...elsewhere, workspaceId: newId() });
    expect(codes(missing)).toEqual(['NOT_FOUND workspaceId']);
    expect(await set(elsewhere)).toEqual(missing);
  });

  it('for an organization of another workspace answers like for one that does not exist', async () => {
    const missing = await set({ organizationId: newId(), hosts: ['a.example'] });
    expect(codes(missing)).toEqual(['NOT_FOUND organizationId']);
    expect(await set({ organizationId: foreign.organization.id, hosts: ['a.example'] })).toEqual(missing);
    expect(await stored()).toEqual([]);
  });

  it('tells which hosts are none, and stores nothing', async () => {
    const hosts = ['a.example', 'https://b.example', 'localhost', ''];
    expect(codes(await set({ hosts }))).toEqual(['INVALID hosts.1', 'INVALID hosts.2', 'INVALID hosts.3']);
    expect(await stored()).toEqual([]);
  });

  it('refuses more than 50', async () => {
    const hosts = Array.from({ length: 51 }, (_, index) => `a${index}.example`);
    expect(codes(await set({ hosts }))).toEqual(['LIMIT_EXCEEDED hosts']);
    accepted(await set({ hosts: hosts.slice(1) }));
  });

  it("refuses the server's own hosts as if somebody had them", async () => {
    const [own] = (await set({ hosts: ['DESK.baton.example:443'] })).refusals;
    accepted(await set({ hosts: ['a.example'] }, 'owner', foreign));
    expect([own]).toEqual((await set({ hosts: ['a.example'] })).refusals);
    expect(own).toMatchObject({ code: 'CONFLICT', path: ['hosts', '0'] });
  });

  it.each(['a foreign workspace', 'another organization of the workspace'])(
    'that %s has is a conflict: nothing is changed, and nothing tells whose it is',
    async (whose) => {
      const isForeign = whose === 'a foreign workspace';
      const theirs = { organizationId: (isForeign ? foreign : world).otherOrganization.id, hosts: ['taken.example'] };
      accepted(await set(theirs, 'owner', isForeign ? foreign : world));
      accepted(await set({ organizationId: world.organization.id, hosts: ['mine.example'] }));
      const before = await stored();

      const outcome = await set({
        organizationId: world.organization.id,
        hosts: ['new.example', 'TAKEN.example.', 'taken.example:8443'],
      });
      expect(outcome).toEqual({
        value: null,
        refusals: ['1', '2'].map((index) => ({
          code: 'CONFLICT',
          message: 'This host is in use already.',
          path: ['hosts', index],
        })),
      });
      expect(await stored()).toEqual(before);
    },
  );

  it.each(['owner', 'admin', 'staffKey'] as const)(
    'by %s replaces the hosts of one owner and no others',
    async (who) => {
      const { organization, otherOrganization, workspace } = world;
      accepted(await set({ organizationId: organization.id, hosts: ['a.example', 'b.example'] }, who));
      accepted(await set({ organizationId: otherOrganization.id, hosts: ['c.example'] }, who));
      accepted(await set({ hosts: ['d.example'] }, who));
      const hosts = accepted(
        await set({ organizationId: organization.id, hosts: ['Z.example', 'B.example:80', 'b.example'] }, who),
      );
      expect(hosts).toEqual(['b.example', 'z.example']);
      accepted(await set({ organizationId: otherOrganization.id, hosts: [] }, who));
      expect(await stored()).toEqual([
        `b.example ${organization.id}`,
        `d.example ${workspace.id}`,
        `z.example ${organization.id}`,
      ]);
    },
  );

  it('a host that was given up is free for others', async () => {
    accepted(await set({ hosts: ['a.example'] }));
    accepted(await set({ hosts: [] }));
    accepted(await set({ hosts: ['a.example'] }, 'owner', foreign));
    expect(await stored()).toEqual([`a.example ${foreign.workspace.id}`]);
  });

  it('by two workspaces at once for the same hosts goes to one of them, whole', async () => {
    for (let round = 0; round < 10; round += 1) {
      const hosts = [`a${round}.example`, `b${round}.example`, `c${round}.example`];
      const outcomes = await Promise.all([
        set({ organizationId: world.organization.id, hosts }),
        set({ organizationId: foreign.organization.id, hosts: hosts.toReversed() }, 'owner', foreign),
      ]);
      expect(outcomes.filter(({ refusals }) => refusals.length === 0)).toHaveLength(1);
      const rows = await stored();
      expect(
        new Set(rows.filter((row) => hosts.includes(row.split(' ')[0]!)).map((row) => row.split(' ')[1])).size,
      ).toBe(1);
    }
  });
});

it('the table refuses a host in upper case, and an organization of another workspace', async () => {
  const row = { workspaceId: world.workspace.id, organizationId: null, createdAt: new Date() };
  const { manager } = database.source;
  await expect(manager.insert(Host, { ...row, host: 'A.example' })).rejects.toThrow(/check/);
  const crossed = { ...row, host: 'a.example', organizationId: foreign.organization.id };
  await expect(manager.insert(Host, crossed)).rejects.toThrow(/foreign key/);
});
