import { ArgsType, Field, Int } from 'type-graphql';
import { AuditAction } from './audit-entry';
import { ConversationFilter, ConversationOrder } from './inputs/conversation-list-inputs';
import { HandoffState } from './handoff';
import { InquiryFilter, InquiryOrder } from './inputs/inquiry-list-inputs';
import { InquiryState } from './inquiry';

/** The four arguments of every list. Which combinations are allowed is checked where the page is read. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'Take this many items from the start, or following `after`: 1 to 100. Use either `first` or `last`.',
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Begin behind the item with this cursor. Goes with `first`; take the value from `pageInfo.endCursor`.',
  })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Take this many items from the end, or ahead of `before`: 1 to 100. Use either `last` or `first`.',
  })
  last?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Stop ahead of the item with this cursor. Goes with `last`; take the value from `pageInfo.startCursor`.',
  })
  before?: string | null;
}

@ArgsType()
export class ConversationPageArgs extends PageArgs {
  @Field(() => ConversationFilter, {
    nullable: true,
    description: 'Leave out the conversations that do not match. Without it every conversation is listed.',
  })
  filter?: ConversationFilter | null;

  @Field(() => ConversationOrder, {
    nullable: true,
    description: 'How to sort. Without it: by urgency, so that visitors who wait for an operator come first.',
  })
  orderBy?: ConversationOrder | null;
}

@ArgsType()
export class HandoffPageArgs extends PageArgs {
  @Field(() => [HandoffState], {
    nullable: true,
    description: 'List the handoffs in these states only. Without it handoffs in every state are listed.',
  })
  states?: HandoffState[] | null;
}

@ArgsType()
export class InquiryPageArgs extends PageArgs {
  @Field(() => [InquiryState], {
    nullable: true,
    description: 'List the inquiries in these states only. Without it inquiries in every state are listed.',
  })
  states?: InquiryState[] | null;

  @Field(() => InquiryFilter, {
    nullable: true,
    description: 'Leave out the inquiries that do not match. Goes together with `states`: both have to fit.',
  })
  filter?: InquiryFilter | null;

  @Field(() => InquiryOrder, { nullable: true, description: 'How to sort. Without it: the newest inquiry first.' })
  orderBy?: InquiryOrder | null;
}

@ArgsType()
export class AuditPageArgs extends PageArgs {
  @Field(() => [AuditAction], {
    nullable: true,
    description: 'List the entries of these actions only. Without it all entries are listed.',
  })
  actions?: AuditAction[] | null;
}

@ArgsType()
export class CannedAnswerPageArgs extends PageArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'List those alone that hold this text in title, shortcut or text, whatever its case: at most 100 characters. A blank one leaves nothing out.',
  })
  search?: string | null;
}
