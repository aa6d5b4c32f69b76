import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { holdsPermission, type Principal } from '../domain/actor';
import { totalsFor } from '../queries/handoff-counts';
import { type DateRange, readHandoffStats } from '../queries/handoff-stats';
import { HandoffCounts } from '../schema/handoff-counts';
import type { Actor } from '../schema/actor';
import { HandoffStats, OperatorStats } from '../schema/handoff-stats';
import { DateRangeInput } from '../schema/inputs/date-range-input';
import { Organization } from '../schema/organization';
import { requireReader } from './organization-resolver';
import { badInput } from './request-errors';
import { type RequestContext, signedIn } from './request-context';
import { visiblePerson } from './visible-person';

const LONGEST_DAYS = 366;

@Resolver(() => Organization)
export class OrganizationHandoffStats {
  @FieldResolver(() => HandoffStats, {
    description:
      'What became of the handoffs that began in a range, for the agents that you may see. Needs VIEW_CONVERSATIONS.',
  })
  async handoffStats(
    @Root() root: Organization,
    @Arg('range', () => DateRangeInput, { description: 'When they began.' }) range: DateRangeInput,
    @Ctx() context: RequestContext,
  ): Promise<HandoffStats> {
    requireReader(context, root);
    checkRange(range);
    const principal = signedIn(context);
    const agentIds = principal.kind === 'USER' ? principal.agentIds : null;
    const figures = await context.read((manager) => readHandoffStats(manager, root.organizationRef, agentIds, range));
    const operators = figures.operators
      .filter(({ userId }) => maySeeFigures(principal, root, userId))
      .map(({ userId, ...own }) => Object.assign(new OperatorStats(), own, { userRef: userId }));
    return Object.assign(new HandoffStats(), figures.team, { operators });
  }
}

@Resolver(() => Organization)
export class OrganizationHandoffCounts {
  @FieldResolver(() => HandoffCounts, {
    description:
      'How busy the team is at this moment. `organizationSignals` tells of changes. Needs VIEW_CONVERSATIONS.',
  })
  async handoffCounts(@Root() root: Organization, @Ctx() context: RequestContext): Promise<HandoffCounts> {
    requireReader(context, root);
    const principal = signedIn(context);
    const open = await context.loaders.openHandoffs.load(root.organizationRef);
    return Object.assign(new HandoffCounts(), totalsFor(open, principal.kind === 'USER' ? principal.agentIds : null));
  }
}

@Resolver(() => OperatorStats)
export class OperatorStatsResolver {
  @FieldResolver()
  async operator(@Root() root: OperatorStats, @Ctx() context: RequestContext): Promise<Actor | null> {
    return visiblePerson(context, root.userRef);
  }
}

function checkRange({ from, to }: DateRange): void {
  const days = (to.getTime() - from.getTime()) / 86_400_000;
  if (days <= 0) throw badInput('A range ends after it begins: give a `to` that is later than `from`.');
  if (days > LONGEST_DAYS) throw badInput(`A range has ${LONGEST_DAYS} days at most. Ask for a shorter one.`);
}

/** How somebody works is for themselves, and for who manages people. */
function maySeeFigures(principal: Principal, root: Organization, userId: string): boolean {
  const owner = { workspaceId: root.workspaceRef, organizationId: root.organizationRef };
  return (
    holdsPermission(principal, 'MANAGE_MEMBERS', owner) || (principal.kind === 'USER' && principal.userId === userId)
  );
}
