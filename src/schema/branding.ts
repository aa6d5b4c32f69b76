import { Field, ObjectType } from 'type-graphql';
import { EmailAddressScalar, UrlScalar } from './scalars';

@ObjectType('Branding', {
  description:
    'The look of an organization or workspace, ready to use. Each value is taken from the organization, else from its ' +
    'workspace, else from the server.',
})
export class Branding {
  @Field(() => String, { description: 'Name to show as the product or company name.' })
  displayName!: string;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of the logo. Null when none is set: show `displayName` as text.',
  })
  logoUrl!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Main colour as #rrggbb. Null when none is set: use the default of your own design.',
  })
  primaryColor!: string | null;

  @Field(() => EmailAddressScalar, {
    nullable: true,
    description: 'Address that people may write to for help. Null when none is set: show no help link.',
  })
  supportEmail!: string | null;

  @Field(() => String, { description: 'Name in the From line of e-mails that the server sends under this brand.' })
  emailFromName!: string;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of the dashboard that links in e-mails and notifications lead to. Null when none is set.',
  })
  dashboardUrl!: string | null;
}
