import { Field, ObjectType } from 'type-graphql';
import { Branding } from './branding';
import { Node } from './node';
import { DateTimeScalar } from './scalars';

@ObjectType('Workspace', {
  implements: Node,
  description:
    'The account of a whitelabel partner. It owns agents and organizations, and its staff may act in all of them.',
})
export class Workspace implements Node {
  id!: string;

  @Field(() => String, {
    description:
      'Short name for addresses and for signing in: lower-case letters, digits and hyphens. Unique on the server.',
  })
  slug!: string;

  @Field(() => String, { description: 'Name of the partner, as people know it.' })
  name!: string;

  @Field(() => Branding, { description: 'Brand of the workspace; what is not set comes from the server.' })
  branding?: Branding;

  @Field(() => DateTimeScalar, { description: 'When the workspace was created.' })
  createdAt!: Date;

  workspaceRef!: string;
}
