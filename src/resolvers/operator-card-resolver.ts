import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { presenceStatus } from '../domain/presence';
import { OperatorCard } from '../schema/operator-card';
import type { RequestContext } from './request-context';

@Resolver(() => OperatorCard)
export class OperatorCardResolver {
  @FieldResolver()
  async isOnline(@Root() root: OperatorCard, @Ctx() context: RequestContext): Promise<boolean> {
    if (root.isOnline !== undefined) return root.isOnline;
    const [user, connectedness] = await Promise.all([
      context.loaders.users.load(root.userRef),
      context.loaders.presences.load(root.userRef),
    ]);
    return presenceStatus({ connected: connectedness.isConnected, available: user?.available ?? false }) === 'ONLINE';
  }
}
