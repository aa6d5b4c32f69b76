import { graphql, type GraphQLSchema } from 'graphql';
import { Arg, buildSchema, Query, Resolver } from 'type-graphql';
import { ConversationOrder } from '../../src/schema/inputs/conversation-list-inputs';
import { UpdateOrganizationInput } from '../../src/schema/inputs/organization-inputs';
import { SignOutInput } from '../../src/schema/inputs/session-inputs';

/** The input that the last query received. */
const stage: { received: unknown } = { received: null };

@Resolver()
class InputResolver {
  @Query(() => Boolean)
  update(@Arg('input', () => UpdateOrganizationInput) input: UpdateOrganizationInput): boolean {
    stage.received = input;
    return true;
  }

  @Query(() => Boolean)
  signOut(@Arg('input', () => SignOutInput) input: SignOutInput): boolean {
    stage.received = input;
    return true;
  }

  @Query(() => Boolean)
  order(@Arg('by', () => ConversationOrder) by: ConversationOrder): boolean {
    stage.received = by;
    return true;
  }
}

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildSchema({ resolvers: [InputResolver] });
});

async function ask(query: string): Promise<void> {
  stage.received = null;
  const result = await graphql({ schema, source: query });
  if (result.errors) throw new Error(result.errors.map((each) => each.message).join('; '));
}

describe('an input', () => {
  test('without a required field is refused', async () => {
    await expect(ask('{ update(input: { name: "Acme" }) }')).rejects.toThrow('id');
    expect(stage.received).toBeNull();
  });

  test('keeps a field that was left out apart from one that is null', async () => {
    await ask('{ update(input: { id: "org_1", name: null, branding: { logoUrl: null } }) }');
    const input = stage.received as UpdateOrganizationInput;
    expect(input).toBeInstanceOf(UpdateOrganizationInput);
    expect(Object.keys(input).sort()).toEqual(['branding', 'id', 'name']);
    expect(input.name).toBeNull();
    expect(Object.keys(input.branding ?? {})).toEqual(['logoUrl']);
  });

  test('takes an address, a time zone and a language that make no sense, so that the command can refuse them as data', async () => {
    await ask(
      '{ update(input: { id: "org_1", timeZone: "Mars/Base", locale: "??", branding: { logoUrl: "javascript:1" } }) }',
    );
    expect(stage.received).toMatchObject({
      timeZone: 'Mars/Base',
      locale: '??',
      branding: { logoUrl: 'javascript:1' },
    });
  });

  test('has the defaults of the contract', async () => {
    await ask('{ signOut(input: {}) }');
    expect(stage.received).toEqual({ allSessions: false });
    await ask('{ order(by: { field: URGENCY }) }');
    expect(stage.received).toEqual({ field: 'URGENCY', direction: 'DESC' });
  });
});
