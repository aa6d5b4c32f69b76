import { createOrganization } from '../../../src/commands/organization/create-organization';
import { updateOrganization } from '../../../src/commands/organization/update-organization';
import { Organization } from '../../../src/entities/organization';
import { createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';
import { anyTarget } from './any-target';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const stored = (id: string): Promise<Organization> => database.source.manager.findOneByOrFail(Organization, { id });

describe('createOrganization', () => {
  it.each(['manager', 'agentKey'] as const)('by %s, who is no staff, is forbidden', async (who) => {
    const outcome = await createOrganization(
      database,
      world[who].principal,
      {
        workspaceId: world.workspace.id,
        name: 'New',
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN']);
  });

  it('by a visitor, who knows of no workspace, is NOT_FOUND', async () => {
    const outcome = await createOrganization(
      database,
      world.visitor.principal,
      {
        workspaceId: world.workspace.id,
        name: 'New',
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['NOT_FOUND workspaceId']);
  });

  it('with several mistakes tells all of them at once', async () => {
    const outcome = await createOrganization(
      database,
      world.owner.principal,
      {
        workspaceId: world.workspace.id,
        name: ' ',
        slug: 'No Slug',
        locale: 'no_locale',
        timeZone: 'Mars/Olympus',
        logoUrl: 'javascript:alert(1)',
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(
      ['name', 'slug', 'locale', 'timeZone', 'logoUrl'].map((field) => `INVALID ${field}`),
    );
  });

  it('with a slug that is taken is a conflict; the same slug in another workspace is not', async () => {
    const foreign = await createWorld(database.source);
    const input = { name: 'Shop', slug: 'shop' };
    accepted(
      await createOrganization(
        database,
        foreign.owner.principal,
        { ...input, workspaceId: foreign.workspace.id },
        anyTarget,
      ),
    );
    accepted(
      await createOrganization(
        database,
        world.owner.principal,
        { ...input, workspaceId: world.workspace.id },
        anyTarget,
      ),
    );
    const again = await createOrganization(
      database,
      world.owner.principal,
      {
        ...input,
        workspaceId: world.workspace.id,
      },
      anyTarget,
    );
    expect(codes(again)).toEqual(['CONFLICT slug']);
  });

  it('by the back end of the partner stores the organization', async () => {
    const organization = accepted(
      await createOrganization(
        database,
        world.staffKey.principal,
        {
          workspaceId: world.workspace.id,
          name: '  Café Olé ',
          locale: 'ES-mx',
          timeZone: 'Europe/Madrid',
          logoUrl: 'https://example.com/logo.png',
        },
        anyTarget,
      ),
    );
    expect(await stored(organization.id)).toMatchObject({
      workspaceId: world.workspace.id,
      slug: 'cafe-ole',
      name: 'Café Olé',
      locale: 'es-MX',
      timeZone: 'Europe/Madrid',
      branding: { logoUrl: 'https://example.com/logo.png' },
      version: 1,
    });
    expect(await stored(organization.id)).toEqual(organization);
  });

  it('five times at once with one name gives five slugs', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () =>
        createOrganization(
          database,
          world.owner.principal,
          { workspaceId: world.workspace.id, name: 'Twin' },
          anyTarget,
        ),
      ),
    );
    const slugs = outcomes.map((outcome) => accepted(outcome).slug).sort();
    expect(slugs).toEqual(['twin', 'twin-2', 'twin-3', 'twin-4', 'twin-5']);
  });
});

describe('updateOrganization', () => {
  it('without MANAGE_ORGANIZATION is forbidden', async () => {
    const outcome = await updateOrganization(
      database,
      world.operator.principal,
      {
        id: world.organization.id,
        name: 'Mine',
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['FORBIDDEN id']);
    expect(outcome.refusals[0]?.message).toContain('MANAGE_ORGANIZATION');
    expect((await stored(world.organization.id)).name).toBe('client');
  });

  it('with null where a value has to be, and with a brand that is none, is invalid', async () => {
    const outcome = await updateOrganization(
      database,
      world.manager.principal,
      {
        id: world.organization.id,
        name: null,
        branding: { primaryColor: 'red', supportEmail: 'a@b@c', emailFromName: 'Shop\r\nBcc: x@example.com' },
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual([
      'INVALID name',
      'INVALID branding.primaryColor',
      'INVALID branding.supportEmail',
      'INVALID branding.emailFromName',
    ]);
  });

  it('with an old version is refused and returns the row as it is', async () => {
    accepted(
      await updateOrganization(
        database,
        world.manager.principal,
        { id: world.organization.id, name: 'First' },
        anyTarget,
      ),
    );
    const outcome = await updateOrganization(
      database,
      world.manager.principal,
      {
        id: world.organization.id,
        name: 'Second',
        expectedVersion: 1,
      },
      anyTarget,
    );
    expect(codes(outcome)).toEqual(['STALE_VERSION expectedVersion']);
    expect(outcome.value).toMatchObject({ name: 'First', version: 2 });
    expect((await stored(world.organization.id)).name).toBe('First');
  });

  it('lays the patch of the brand over it key by key, and null takes a key away', async () => {
    const { id } = world.organization;
    const first = { displayName: 'Shop', primaryColor: '#0A7CFF' };
    accepted(await updateOrganization(database, world.manager.principal, { id, branding: first }, anyTarget));
    const second = { primaryColor: null, supportEmail: 'help@example.com' };
    const changed = accepted(
      await updateOrganization(
        database,
        world.owner.principal,
        { id, branding: second, expectedVersion: 2 },
        anyTarget,
      ),
    );
    expect(changed.branding).toEqual({ displayName: 'Shop', supportEmail: 'help@example.com' });
    expect(await stored(id)).toMatchObject({ branding: changed.branding, version: 3, name: 'client', slug: 'client' });
  });

  it('with nothing to change keeps the version', async () => {
    expect(
      accepted(await updateOrganization(database, world.manager.principal, { id: world.organization.id }, anyTarget))
        .version,
    ).toBe(1);
  });
});
