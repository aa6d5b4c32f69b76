import { Field, ID, InputType, Int } from 'type-graphql';

const TEXT =
  'Plain text or Markdown source of at most 4000 characters. Filled in for each conversation: `{{visitor.name}}`, `{{operator.name}}`, ' +
  '`{{agent.name}}`, `{{organization.name}}`, at most 20 of them; `{{visitor.name|there}}` says what stands there without a name. Any other `{{…}}` is INVALID.';
const SHORTCUT =
  'A slash and up to 40 letters, digits, hyphens or underscores, such as `/refund`. Case does not matter. CONFLICT when another one of the organization has it.';

@InputType('CreateCannedAnswerInput', { description: 'The canned answer to write down.' })
export class CreateCannedAnswerInput {
  @Field(() => ID, {
    description: 'The organization whose operators shall have it. Takes MANAGE_ORGANIZATION in it. It can have 500.',
  })
  organizationId!: string;

  @Field(() => String, { description: 'What operators find it by: one line of at most 100 characters.' })
  title!: string;

  @Field(() => String, { description: SHORTCUT })
  shortcut!: string;

  @Field(() => String, { description: TEXT })
  text!: string;
}

@InputType('UpdateCannedAnswerInput', {
  description: 'What to change in a canned answer. Fields that are left out keep their value.',
})
export class UpdateCannedAnswerInput {
  @Field(() => ID, { description: 'The canned answer to change. Takes MANAGE_ORGANIZATION.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New title: one line of at most 100 characters.' })
  title?: string | null;

  @Field(() => String, { nullable: true, description: `New shortcut. ${SHORTCUT}` })
  shortcut?: string | null;

  @Field(() => String, { nullable: true, description: `New text. ${TEXT}` })
  text?: string | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have read. If it is not the present one, the answer is STALE_VERSION. Without it the last writer wins.',
  })
  expectedVersion?: number | null;
}

@InputType('DeleteCannedAnswerInput', { description: 'Which canned answer to delete.' })
export class DeleteCannedAnswerInput {
  @Field(() => ID, { description: 'The canned answer. Takes MANAGE_ORGANIZATION.' })
  id!: string;
}
