import { requestPasswordReset } from '../../../src/commands/password-reset/request-password-reset';
import { resetPassword } from '../../../src/commands/password-reset/reset-password';
import { signIn } from '../../../src/commands/session/sign-in';
import { replacePassword } from '../../../src/commands/user/replace-password';
import { Delivery } from '../../../src/entities/delivery';
import { PasswordReset } from '../../../src/entities/password-reset';
import { User } from '../../../src/entities/user';
import { createMailTokens } from '../../../src/identity/mail-tokens';
import { createPasswordHasher } from '../../../src/identity/password-hasher';
import { hashToken } from '../../../src/identity/tokens';
import { authenticate } from '../../../src/queries/authenticate';
import { createWorld, WORLD_PASSWORD, type World } from '../../support/world';
import { accepted, codes, openDatabase } from '../identity/open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
const passwords = createPasswordHasher({ cost: 16 });
const mailTokens = createMailTokens('a secret of this test');
const NEW_PASSWORD = 'another long password';

beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

const request = (email: string, workspace?: string) =>
  requestPasswordReset(database, { email, workspace }, { mailTokens, answerAfterMs: 0 });
const resets = (): Promise<PasswordReset[]> =>
  database.source.manager.find(PasswordReset, { where: { workspaceId: world.workspace.id }, order: { id: 'ASC' } });
const reset = (token: string, newPassword = NEW_PASSWORD) =>
  resetPassword(database, { token, newPassword }, { passwords });
const tokenOf = ({ id }: { readonly id: string }): string => mailTokens('PASSWORD_RESET', id);

/** Asks for the operator, and answers the token of the mail. */
async function requested(): Promise<string> {
  await request(world.operator.row.email);
  return tokenOf((await resets()).at(-1)!);
}

describe('requestPasswordReset', () => {
  it('answers the same to a known, an unknown and a disabled address, and to what is none, and writes for the first alone', async () => {
    await database.source.manager.update(User, { id: world.viewer.id }, { disabledAt: new Date() });
    const { email } = world.operator.row;
    const outcomes = await Promise.all([
      request(` ${email.toUpperCase()} `, world.workspace.slug),
      request('nobody@example.com'),
      request(world.viewer.row.email),
      request(email, 'no-such-workspace'),
      request('\0\ud800', '\0'),
    ]);
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(codes(outcomes[0])).toEqual([]);
    const rows = await resets();
    expect(rows).toMatchObject([{ userId: world.operator.id, endedAt: null }]);
    expect(rows[0]!.tokenHash).toEqual(hashToken(tokenOf(rows[0]!)));
    const mails = await database.source.manager.findBy(Delivery, { passwordResetId: rows[0]!.id });
    expect(mails).toMatchObject([{ state: 'PENDING', channel: 'EMAIL', workspaceId: world.workspace.id }]);
  });

  it('writes three mails an hour at most, also at once, and says nothing of the others', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => request(world.owner.row.email)));
    for (const outcome of outcomes) expect(codes(outcome)).toEqual([]);
    expect(await resets()).toHaveLength(3);
  });
});

describe('resetPassword', () => {
  it('sets the password, ends every session and every other link, and works once', async () => {
    const [first, second] = [await requested(), await requested()];
    expect(accepted(await reset(second)).endedSessions).toBe(1);
    expect(await authenticate(database.source, `Bearer ${world.operator.token}`)).toBeNull();
    expect(await authenticate(database.source, `Bearer ${world.secondOperator.token}`)).not.toBeNull();
    const { email } = world.operator.row;
    expect(codes(await signIn(database, { email, password: WORLD_PASSWORD }, { passwords }))).toEqual([
      'INVALID_CREDENTIALS',
    ]);
    accepted(await signIn(database, { email, password: NEW_PASSWORD }, { passwords }));
    for (const token of [first, second]) expect(codes(await reset(token))).toEqual(['INVALID_CREDENTIALS token']);
  });

  it('by many at once works for one', async () => {
    const token = await requested();
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => reset(token)));
    expect(outcomes.flatMap(codes)).toEqual(Array(3).fill('INVALID_CREDENTIALS token'));
  });

  it('refuses in the same way what was never given out, a token of another kind, and one from before a change', async () => {
    const token = await requested();
    const [row] = await resets();
    await replacePassword(
      database,
      { workspaceId: world.workspace.id, id: world.operator.id, password: NEW_PASSWORD },
      { passwords },
    );
    const tokens = ['bat_p_unknown', '', '\0', mailTokens('INVITATION', row!.id), token];
    const outcomes = await Promise.all(tokens.map((each) => reset(each)));
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(codes(outcomes[0]!)).toEqual(['INVALID_CREDENTIALS token']);
  });

  it('is refused for whoever was disabled meanwhile', async () => {
    const token = await requested();
    await database.source.manager.update(User, { id: world.operator.id }, { disabledAt: new Date() });
    expect(codes(await reset(token))).toEqual(['INVALID_CREDENTIALS token']);
  });

  it('after an hour is refused as expired, and a bad password as invalid without using the token up', async () => {
    const token = await requested();
    const [row] = await resets();
    expect(row!.expiresAt.getTime() - row!.createdAt.getTime()).toBe(60 * 60 * 1000);
    expect(codes(await reset(token, 'short'))).toEqual(['INVALID newPassword']);
    await database.source.manager.update(PasswordReset, { id: row!.id }, { expiresAt: new Date(Date.now() - 1) });
    expect(codes(await reset(token))).toEqual(['TOKEN_EXPIRED token']);
  });
});
