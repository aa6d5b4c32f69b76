import { Field, ObjectType } from 'type-graphql';

@ObjectType('PageInfo', { description: 'Where a page lies in its list, and how to ask for the pages beside it.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'True when items follow this page: ask again with `first` and `after: endCursor`.',
  })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'True when items come before this page: ask again with `last` and `before: startCursor`.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first item of the page. Null when the page is empty.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item of the page. Null when the page is empty.',
  })
  endCursor!: string | null;
}
