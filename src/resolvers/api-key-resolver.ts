import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { presentAgent } from '../presenters/present-agent';
import type { Agent } from '../schema/agent';
import { ApiKey } from '../schema/api-key';
import type { RequestContext } from './request-context';
import { required } from './required';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @FieldResolver()
  async agent(@Root() root: ApiKey, @Ctx() context: RequestContext): Promise<Agent | null> {
    if (root.agentRef === null) return null;
    return presentAgent(required(await context.loaders.agents.load(root.agentRef), 'agent'));
  }
}
