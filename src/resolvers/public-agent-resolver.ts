import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { presentPublicAgent } from '../presenters/present-agent';
import { findAgentByPublicKey } from '../queries/agents';
import type { Branding } from '../schema/branding';
import type { HandoffOffer } from '../schema/handoff-offer';
import { PublicAgent } from '../schema/public-agent';
import { publicBranding } from './branding';
import { offerFor } from './offer';
import type { RequestContext } from './request-context';
import { required } from './required';

/** Public: a widget has no session yet. Rows are read by the public key alone, never through the tenant's loaders. */
@Resolver(() => PublicAgent)
export class PublicAgentResolver {
  @Query(() => PublicAgent, {
    nullable: true,
    description:
      'What a widget needs before a session exists, by the key that the page embeds. Needs no credential. Null when no agent has the key.',
  })
  async publicAgent(
    @Arg('publicKey', () => String, { description: "The agent's public key, as in `Agent.publicKey`." })
    publicKey: string,
    @Ctx() context: RequestContext,
  ): Promise<PublicAgent | null> {
    const row = await findAgentByPublicKey(context.app.database.source, publicKey);
    return row === null ? null : presentPublicAgent(row);
  }

  @FieldResolver()
  async handoffOffer(@Root() root: PublicAgent, @Ctx() context: RequestContext): Promise<HandoffOffer> {
    const agent = required(await findAgentByPublicKey(context.app.database.source, root.publicKey), 'agent');
    return offerFor(context, agent, agent.organizationId, null);
  }

  @FieldResolver()
  async branding(@Root() root: PublicAgent, @Ctx() context: RequestContext): Promise<Branding> {
    return publicBranding(context, root.workspaceRef, root.organizationRef);
  }
}
