import { Field, ID, InputType } from 'type-graphql';

@InputType('ExportVisitorInput', { description: 'Whose data to read, and from where on.' })
export class ExportVisitorInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The visitor. A visitor leaves it out and gets its own data; everybody else must give it.',
  })
  visitorId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: '`endCursor` of the page before. Leave it out for the first page.',
  })
  after?: string | null;
}

@InputType('EraseVisitorInput', { description: 'Whose data to erase. There is no way back.' })
export class EraseVisitorInput {
  @Field(() => ID, {
    nullable: true,
    description: 'The visitor. A visitor leaves it out to erase itself; everybody else must give it.',
  })
  visitorId?: string | null;
}
