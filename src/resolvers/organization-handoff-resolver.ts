import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { isOpenAt, nextOpeningAfter } from '../domain/conversation/business-hours';
import { seesColleagues } from '../domain/actor';
import { presentUser } from '../presenters/present-user';
import { BusinessHours } from '../schema/business-hours';
import { Escalation } from '../schema/escalation';
import { Organization } from '../schema/organization';
import type { User } from '../schema/user';
import { type RequestContext, signedIn } from './request-context';

/** How requests reach the people of an organization. */
@Resolver(() => Organization)
export class OrganizationHandoffResolver {
  @FieldResolver(() => Escalation, {
    nullable: true,
    description: 'Who is told of a request, one after the other. Null: everybody who may handle the agent, at once.',
  })
  escalation(@Root() root: Organization): Escalation | null {
    const { escalationRef } = root;
    if (escalationRef === null) return null;
    const { onlineSeconds, everyoneSeconds, fallbackUserIds } = escalationRef;
    return Object.assign(new Escalation(), { onlineSeconds, everyoneSeconds, fallbackRefs: fallbackUserIds });
  }

  @FieldResolver(() => BusinessHours, {
    nullable: true,
    description: 'When people answer. Null: at any hour.',
  })
  businessHours(@Root() root: Organization): BusinessHours | null {
    const hours = root.businessHoursRef;
    if (hours === null) return null;
    const now = new Date();
    const state = { isOpen: isOpenAt(hours, now), nextOpening: nextOpeningAfter(hours, now) };
    return Object.assign(new BusinessHours(), { ...hours, ...state });
  }
}

@Resolver(() => Escalation)
export class EscalationResolver {
  @FieldResolver()
  async fallback(@Root() root: Escalation, @Ctx() context: RequestContext): Promise<User[]> {
    if (!seesColleagues(signedIn(context))) return [];
    const rows = await Promise.all(root.fallbackRefs.map((id) => context.loaders.users.load(id)));
    return rows.flatMap((row) => (row === null || row.disabledAt !== null ? [] : [presentUser(row)]));
  }
}
