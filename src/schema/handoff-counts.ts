import { createUnionType, Field, Int, ObjectType } from 'type-graphql';

@ObjectType('HandoffCounts', {
  description:
    'How busy the team is at this moment, for the agents that you may see: what stands at the top of an inbox.',
})
export class HandoffCounts {
  @Field(() => Int, { description: 'How many conversations wait for an operator.' })
  waiting!: number;

  @Field(() => Int, { description: 'How many conversations an operator has.' })
  inProgress!: number;

  @Field(() => Int, {
    description:
      'How many people who may handle conversations of the organization are online and available, staff of the workspace included.',
  })
  operatorsOnline!: number;
}

@ObjectType('HandoffCountsChanged', {
  description: 'The counts as they are now: the first of them when you subscribe, then whenever one has changed.',
})
export class HandoffCountsChanged {
  @Field(() => HandoffCounts, { description: 'The counts as they are now. They replace the ones before.' })
  counts!: HandoffCounts;
}

export const OrganizationSignal = createUnionType({
  name: 'OrganizationSignal',
  description:
    'What `organizationSignals` delivers. Signals have no cursor and may be lost. Skip members that you do not know: there may be more later.',
  types: () => [HandoffCountsChanged] as const,
});
export type OrganizationSignal = typeof OrganizationSignal;
