import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { seesColleagues } from '../domain/actor';
import { presentBusinessHours, presentEscalation } from '../presenters/present-handoff-layers';
import { presentUser } from '../presenters/present-user';
import { AgentHandoffSettings } from '../schema/agent-handoff-settings';
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
    return presentEscalation(root.escalationRef);
  }

  @FieldResolver(() => BusinessHours, {
    nullable: true,
    description: 'When people answer. Null: at any hour.',
  })
  businessHours(@Root() root: Organization): BusinessHours | null {
    return presentBusinessHours(root.businessHoursRef, new Date());
  }
}

/** Here and not in the type: people, whom a ladder names, have agents. */
@Resolver(() => AgentHandoffSettings)
export class AgentLadderResolver {
  @FieldResolver(() => Escalation, {
    nullable: true,
    description:
      "Who is told of a request, one after the other: the agent's own ladder, else that of its organization. Null: everybody who may handle the agent, at once.",
  })
  escalation(@Root() root: AgentHandoffSettings): Escalation | null {
    return presentEscalation(root.escalationRef);
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
