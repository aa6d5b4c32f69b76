import { signIn } from '../../../src/commands/session/sign-in';
import { signOut } from '../../../src/commands/session/sign-out';
import { Session } from '../../../src/entities/session';
import { User } from '../../../src/entities/user';
import { createPasswordHasher, type PasswordHasher } from '../../../src/identity/password-hasher';
import { authenticate } from '../../../src/queries/authenticate';
import { createWorld, WORLD_PASSWORD, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
const passwords = createPasswordHasher({ cost: 16 });

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const update = (user: { id: string }, change: Partial<User>): Promise<unknown> =>
  database.source.manager.update(User, { id: user.id }, change);

describe('signIn', () => {
  it('answers the same to an unknown address, a wrong password, a disabled account and an unknown workspace', async () => {
    const { email } = world.operator.row;
    await update(world.viewer, { disabledAt: new Date() });
    const attempts = [
      { email: 'nobody@example.com', password: WORLD_PASSWORD },
      { email, password: 'wrong' },
      { email: world.viewer.row.email, password: WORLD_PASSWORD },
      { email, password: WORLD_PASSWORD, workspace: 'no-such-workspace' },
      { email: 'a\0b', password: '\0', workspace: '\ud800' },
    ];
    const outcomes = await Promise.all(attempts.map((attempt) => signIn(database, attempt, { passwords })));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(codes(outcomes[0]!)).toEqual(['INVALID_CREDENTIALS']);
    expect(await database.source.manager.countBy(Session, { workspaceId: world.workspace.id })).toBe(8);
  });

  it('hashes once for an unknown address as for a wrong password', async () => {
    const hashed: boolean[] = [];
    const counting: PasswordHasher = {
      ...passwords,
      verify: (password, stored) => {
        hashed.push(stored !== null);
        return passwords.verify(password, stored);
      },
    };
    await signIn(database, { email: 'nobody@example.com', password: 'x' }, { passwords: counting });
    await signIn(database, { email: world.operator.row.email, password: 'x' }, { passwords: counting });
    expect(hashed).toEqual([false, true]);
  });

  it('opens a session whose token works, and stores only its hash', async () => {
    const { email } = world.limited.row;
    const input = { email: ` ${email.toUpperCase()} `, password: WORLD_PASSWORD, userAgent: 'Firefox' };
    const { user, session, accessToken, expiresAt } = accepted(await signIn(database, input, { passwords }));
    expect(user.id).toBe(world.limited.id);
    expect(accessToken).toMatch(/^bat_u_[\w-]{43}$/);
    const row = await database.source.manager.findOneByOrFail(Session, { id: session.id });
    expect(row).toEqual(session);
    expect(row).toMatchObject({ userAgent: 'Firefox', revokedAt: null, expiresAt });
    expect(expiresAt.getTime() - row.createdAt.getTime()).toBe(14 * 24 * 3_600_000);
    expect(await authenticate(database.source, `Bearer ${accessToken}`)).toEqual({
      ...world.limited.principal,
      sessionId: session.id,
    });
  });

  it('of somebody with accounts in two workspaces asks for the workspace only where the password fits both', async () => {
    const second = await createWorld(database.source);
    const { email } = world.operator.row;
    await update(second.operator, { email });
    const input = { email, password: WORLD_PASSWORD };
    expect(codes(await signIn(database, { email, password: 'wrong' }, { passwords }))).toEqual(['INVALID_CREDENTIALS']);
    expect(codes(await signIn(database, input, { passwords }))).toEqual(['INVALID workspace']);
    const named = accepted(await signIn(database, { ...input, workspace: second.workspace.slug }, { passwords }));
    expect(named.user.id).toBe(second.operator.id);

    await update(second.operator, { disabledAt: new Date() });
    expect(accepted(await signIn(database, input, { passwords })).user.id).toBe(world.operator.id);
    await update(second.operator, { disabledAt: null });

    await update(second.operator, { passwordHash: await passwords.hash('another password') });
    expect(accepted(await signIn(database, input, { passwords })).user.id).toBe(world.operator.id);
  });

  it('of somebody who is disabled while the password is being hashed is refused', async () => {
    const disabling: PasswordHasher = {
      ...passwords,
      verify: async (password, stored) => {
        await update(world.operator, { disabledAt: new Date() });
        return passwords.verify(password, stored);
      },
    };
    const outcome = await signIn(
      database,
      { email: world.operator.row.email, password: WORLD_PASSWORD },
      { passwords: disabling },
    );
    expect(codes(outcome)).toEqual(['INVALID_CREDENTIALS']);
  });
});

describe('signOut', () => {
  const open = (): Promise<string> =>
    signIn(database, { email: world.operator.row.email, password: WORLD_PASSWORD }, { passwords }).then(
      (outcome) => accepted(outcome).accessToken,
    );

  it('of a key is forbidden', async () => {
    expect(codes(await signOut(database, world.staffKey.principal, { allSessions: true }))).toEqual(['FORBIDDEN']);
  });

  it('ends the session of the request alone', async () => {
    const token = await open();
    expect(accepted(await signOut(database, world.operator.principal, { allSessions: false }))).toEqual({ ended: 1 });
    expect(await authenticate(database.source, `Bearer ${world.operator.token}`)).toBeNull();
    expect(await authenticate(database.source, `Bearer ${token}`)).not.toBeNull();
    expect(accepted(await signOut(database, world.operator.principal, { allSessions: false }))).toEqual({ ended: 0 });
  });

  it('ends all sessions of the person, and of nobody else, when asked to', async () => {
    const token = await open();
    expect(accepted(await signOut(database, world.operator.principal, { allSessions: true }))).toEqual({ ended: 2 });
    expect(await authenticate(database.source, `Bearer ${token}`)).toBeNull();
    expect(await authenticate(database.source, `Bearer ${world.secondOperator.token}`)).not.toBeNull();
  });
});
