import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { presenceStatus } from '../domain/presence';
import { Presence } from '../schema/presence';
import { Visitor } from '../schema/visitor';
import type { RequestContext } from './request-context';

@Resolver(() => Visitor)
export class VisitorResolver {
  @FieldResolver()
  async presence(@Root() root: Visitor, @Ctx() context: RequestContext): Promise<Presence> {
    const { isConnected, lastActiveAt } = await context.loaders.presences.load(root.visitorRef);
    return Object.assign(new Presence(), {
      status: presenceStatus({ connected: isConnected, available: true }),
      lastActiveAt,
    });
  }
}
