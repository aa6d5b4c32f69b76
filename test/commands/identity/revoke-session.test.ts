import { revokeSession } from '../../../src/commands/session/revoke-session';
import { newId } from '../../../src/database/ids';
import { Session } from '../../../src/entities/session';
import { authenticate } from '../../../src/queries/authenticate';
import { type ActingUser, createWorld, type World } from '../../support/world';
import { accepted, codes, openDatabase } from './open-database';

let database: Awaited<ReturnType<typeof openDatabase>>;
let world: World;
beforeAll(async () => {
  database = await openDatabase();
});
beforeEach(async () => {
  world = await createWorld(database.source);
});
afterAll(() => database.close());

type Who = Exclude<
  { [Key in keyof World]: World[Key] extends { principal: unknown } ? Key : never }[keyof World],
  undefined
>;
type Person = { [Key in keyof World]: World[Key] extends ActingUser ? Key : never }[keyof World];
const sessionOf = (who: Person): string => world[who].principal.sessionId;

describe('revokeSession', () => {
  it.each<[Who, Person]>([
    ['operator', 'viewer'],
    ['otherMember', 'operator'],
    ['manager', 'admin'],
    ['admin', 'admin'],
    ['admin', 'owner'],
    ['staffKey', 'owner'],
    ['agentKey', 'operator'],
    ['visitor', 'operator'],
  ])('by %s of a session of %s is the same as of none', async (who, whose) => {
    // One's own is what the others may not end: the admin asks for that of another administrator.
    const other = who === whose ? (await createWorld(database.source))[whose].principal.sessionId : sessionOf(whose);
    const { principal } = world[who];
    const refused = await revokeSession(database, principal, { id: other });
    expect(codes(refused)).toEqual(['NOT_FOUND id']);
    expect(refused).toEqual(await revokeSession(database, principal, { id: newId() }));
    expect((await database.source.manager.findOneByOrFail(Session, { id: other })).revokedAt).toBeNull();
  });

  it.each<[Who, Person]>([
    ['viewer', 'viewer'],
    ['manager', 'operator'],
    ['admin', 'operator'],
    ['staffKey', 'operator'],
    ['owner', 'admin'],
  ])('by %s ends a session of %s, tells every process, and once is enough', async (who, whose) => {
    const { principal } = world[who];
    const id = sessionOf(whose);
    const ended = accepted(await revokeSession(database, principal, { id }));
    expect(ended.revokedAt).toBeInstanceOf(Date);
    expect(await authenticate(database.source, `Bearer ${world[whose].token}`)).toBeNull();
    expect(accepted(await revokeSession(database, principal, { id }))).toEqual(ended);
    const told = 'select name, workspace_id, user_id, snapshot from outbox where subject_id = $1';
    expect(await database.source.query(told, [id])).toEqual([
      { name: 'ACCESS_ENDED', workspace_id: world.workspace.id, user_id: null, snapshot: null },
    ]);
  });
});
