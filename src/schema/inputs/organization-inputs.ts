import { Field, ID, InputType, Int } from 'type-graphql';
import { LocaleScalar, TimeZoneScalar, UrlScalar } from '../scalars';

@InputType('BrandingInput', {
  description:
    'Parts of a brand. A field that is left out keeps its value; null removes it, so that the value of the workspace shows again.',
})
export class BrandingInput {
  @Field(() => String, { nullable: true, description: 'Name to show as the product or company name.' })
  displayName?: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of the logo: https, in the public internet, else UNSAFE_URL.',
  })
  logoUrl?: string | null;

  @Field(() => String, { nullable: true, description: 'Main colour as #rrggbb.' })
  primaryColor?: string | null;

  @Field(() => String, { nullable: true, description: 'E-mail address that people may write to for help.' })
  supportEmail?: string | null;

  @Field(() => String, { nullable: true, description: 'Name in the From line of e-mails. Line breaks are refused.' })
  emailFromName?: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of the dashboard for links in e-mails and notifications.',
  })
  dashboardUrl?: string | null;
}

@InputType('CreateOrganizationInput', { description: 'The organization to create.' })
export class CreateOrganizationInput {
  @Field(() => ID, { description: 'The workspace to create it in. Only its staff may.' })
  workspaceId!: string;

  @Field(() => String, { description: 'Name of the client.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Short name for addresses, unique in the workspace. Without it one is made from `name`.',
  })
  slug?: string | null;

  @Field(() => LocaleScalar, { nullable: true, description: 'Language for e-mails. English unless given.' })
  locale?: string | null;

  @Field(() => TimeZoneScalar, {
    nullable: true,
    description: 'Time zone for the dashboard and e-mails. UTC unless given.',
  })
  timeZone?: string | null;

  @Field(() => UrlScalar, {
    nullable: true,
    description: 'Address of the logo: https, in the public internet, else UNSAFE_URL.',
  })
  logoUrl?: string | null;
}

@InputType('UpdateOrganizationInput', {
  description: 'What to change in an organization. Fields that are left out keep their value.',
})
export class UpdateOrganizationInput {
  @Field(() => ID, { description: 'The organization to change. Takes MANAGE_ORGANIZATION in it.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'New name of the client.' })
  name?: string | null;

  @Field(() => LocaleScalar, { nullable: true, description: 'New language for e-mails.' })
  locale?: string | null;

  @Field(() => TimeZoneScalar, { nullable: true, description: 'New time zone for the dashboard and e-mails.' })
  timeZone?: string | null;

  @Field(() => BrandingInput, { nullable: true, description: 'Parts of the brand to change.' })
  branding?: BrandingInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'The `version` that you have read. If it is not the present one, the answer is STALE_VERSION. Without it the last writer wins.',
  })
  expectedVersion?: number | null;
}
