import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { setHosts } from '../commands/organization/set-hosts';
import { canonicalHost } from '../domain/validation/host';
import { findHost } from '../queries/hosts';
import { Branding } from '../schema/branding';
import { SetHostsInput } from '../schema/inputs/host-inputs';
import { SetHostsPayload } from '../schema/payloads/host-payloads';
import { publicBranding } from './branding';
import { answer, inputId, optionalInputId } from './payload';
import { type RequestContext, signedIn } from './request-context';

@Resolver()
export class HostResolver {
  @Query(() => Branding, {
    nullable: true,
    description:
      'Brand for a log-in page, by the host name in its address. Needs no credential. Null for a host that nobody has set.',
  })
  async brandingFor(
    @Arg('host', () => String, { description: 'Host name of the page. Upper case and a port do not matter.' })
    host: string,
    @Ctx() context: RequestContext,
  ): Promise<Branding | null> {
    const canonical = canonicalHost(host);
    const row = canonical === null ? null : await findHost(context.app.database.source, canonical);
    return row === null ? null : publicBranding(context, row.workspaceId, row.organizationId);
  }

  @Mutation(() => SetHostsPayload, {
    nullable: true,
    description:
      'Replaces the host names that show the brand of an organization, or of the workspace. Staff only. CONFLICT when somebody has one of them; nothing is changed then.',
  })
  async setHosts(
    @Arg('input', () => SetHostsInput, {
      description: 'What to do, and to what. Values are checked; a refusal comes back in `userErrors`.',
    })
    input: SetHostsInput,
    @Ctx() context: RequestContext,
  ): Promise<SetHostsPayload> {
    return answer(
      async () => {
        const ids = {
          workspaceId: inputId('workspace', input.workspaceId, 'workspaceId'),
          organizationId: optionalInputId('organization', input.organizationId, 'organizationId'),
        };
        return setHosts(context.app.database, signedIn(context), { ...input, ...ids }, context.app);
      },
      (hosts) => ({ hosts: hosts && [...hosts] }),
    );
  }
}
