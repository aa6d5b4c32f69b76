import { Field, Int, ObjectType } from 'type-graphql';
import type { BusinessHours as BusinessHoursFacts } from '../domain/conversation/business-hours';
import type { Escalation as EscalationFacts } from '../domain/conversation/escalation';
import { Branding } from './branding';
import { Node } from './node';
import { NotificationChannel, NotificationEvents } from './notification-settings';
import { CursorScalar, DateTimeScalar, LocaleScalar, TimeZoneScalar } from './scalars';
import { Workspace } from './workspace';

@ObjectType('Organization', {
  implements: Node,
  description: 'A client of a partner. Its members use the dashboard and answer the visitors of its agents.',
})
export class Organization implements Node {
  id!: string;

  @Field(() => String, {
    description: 'Short name for addresses: lower-case letters, digits and hyphens. Unique in the workspace.',
  })
  slug!: string;

  @Field(() => String, { description: 'Name of the client, as people know it.' })
  name!: string;

  @Field(() => Workspace, { description: 'The partner that this client belongs to.' })
  workspace?: Workspace;

  @Field(() => Branding, {
    description: 'Brand of the organization; what is not set comes from the workspace, then from the server.',
  })
  branding?: Branding;

  @Field(() => LocaleScalar, { description: 'Language for e-mails and for texts that the server writes.' })
  locale!: string;

  @Field(() => TimeZoneScalar, { description: 'Time zone in which the dashboard and e-mails show times.' })
  timeZone!: string;

  @Field(() => Int, {
    description:
      'Seconds for which messages of a conversation are gathered after somebody was told of one, where neither the agent nor the person has an own value. 60 unless it was changed.',
  })
  alertIntervalSeconds!: number;

  @Field(() => [NotificationChannel], {
    nullable: true,
    description:
      'What members are notified through who have not chosen. Empty: the bell alone. Null: it is not set, and the default counts, EMAIL.',
  })
  memberChannels!: NotificationChannel[] | null;

  @Field(() => NotificationEvents, {
    nullable: true,
    description:
      'Of what members are notified who have not chosen. Null: it is not set, and the default counts, REQUESTS_ONLY.',
  })
  memberEvents!: NotificationEvents | null;

  @Field(() => Int, {
    description:
      'Goes up by one at every change. Send it as `expectedVersion` so that you do not overwrite what others saved meanwhile.',
  })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When the organization was created.' })
  createdAt!: Date;

  @Field(() => CursorScalar, {
    description:
      'The place that `organizationEvents` has reached. Ask for it in the same query as the lists, ahead of them, and subscribe ' +
      'with it as `after`: then no change is missed in between.',
  })
  streamCursor?: string;

  organizationRef!: string;
  workspaceRef!: string;
  escalationRef!: EscalationFacts | null;
  businessHoursRef!: BusinessHoursFacts | null;
}
