import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { mayTraceActor } from '../domain/policies/audit-policy';
import type { Actor } from '../schema/actor';
import { AuditEntry } from '../schema/audit-entry';
import type { Organization } from '../schema/organization';
import { type RequestContext, signedIn } from './request-context';
import { visibleOrganization } from './visible-organization';
import { visiblePerson } from './visible-person';

@Resolver(() => AuditEntry)
export class AuditEntryResolver {
  @FieldResolver()
  async actor(@Root() root: AuditEntry, @Ctx() context: RequestContext): Promise<Actor | null> {
    return visiblePerson(context, root.actorRef);
  }

  @FieldResolver()
  async impersonator(@Root() root: AuditEntry, @Ctx() context: RequestContext): Promise<Actor | null> {
    return visiblePerson(context, root.impersonatorRef);
  }

  @FieldResolver()
  async organization(@Root() root: AuditEntry, @Ctx() context: RequestContext): Promise<Organization | null> {
    return visibleOrganization(context, root);
  }

  @FieldResolver()
  async address(@Root() root: AuditEntry, @Ctx() context: RequestContext): Promise<string | null> {
    return (await mayTrace(root, context)) ? root.storedAddress : null;
  }

  @FieldResolver()
  async userAgent(@Root() root: AuditEntry, @Ctx() context: RequestContext): Promise<string | null> {
    return (await mayTrace(root, context)) ? root.storedUserAgent : null;
  }
}

async function mayTrace(entry: AuditEntry, context: RequestContext): Promise<boolean> {
  const person = entry.actorRef === null ? null : await context.loaders.users.load(entry.actorRef);
  const { actorKind: kind, impersonatorRef: impersonatorId } = entry;
  return mayTraceActor(signedIn(context), { kind, impersonatorId, person });
}
