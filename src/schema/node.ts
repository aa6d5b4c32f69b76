import { Field, ID, InterfaceType } from 'type-graphql';

@InterfaceType('Node', { description: 'An object that `Query.node` can find again by its id.' })
export abstract class Node {
  @Field(() => ID, {
    description:
      'Id of this object, unique over all types and never given again. Its prefix names the type; treat the rest as opaque.',
  })
  id!: string;
}
