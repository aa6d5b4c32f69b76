import { maySee } from '../domain/policies/settings-policy';
import { presentOperatorCard } from '../presenters/present-operator-card';
import { presentUser } from '../presenters/present-user';
import type { Actor } from '../schema/actor';
import { type RequestContext, signedIn } from './request-context';

/** A person by id: the account where the viewer may see it, else name and picture alone. Null for no id, and when gone. */
export async function visiblePerson(context: RequestContext, userId: string | null): Promise<Actor | null> {
  const row = userId === null ? null : await context.loaders.users.load(userId);
  if (row === null) return null;
  return maySee(signedIn(context), row) ? presentUser(row) : presentOperatorCard(row);
}
