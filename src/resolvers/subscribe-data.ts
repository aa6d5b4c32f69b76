import type { RequestContext } from './request-context';

/** What type-graphql gives to `subscribe`; it types the arguments as `any`, so each subscription names its own. */
export interface SubscribeData<Args> {
  readonly args: Args;
  readonly context: RequestContext;
}
