import { Field, ID, InputType } from 'type-graphql';

@InputType('SetHostsInput', { description: 'The host names of an organization or workspace, all of them.' })
export class SetHostsInput {
  @Field(() => ID, { description: 'The workspace. Only its staff may.' })
  workspaceId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The organization whose brand the hosts show. Without it they show that of the workspace.',
  })
  organizationId?: string | null;

  @Field(() => [String], {
    description:
      'Host names such as help.example.com, at most 50. They replace the earlier ones; an empty list takes them away.',
  })
  hosts!: string[];
}
