import { encodePublicId } from '../domain/public-id';
import { OperatorCard } from '../schema/operator-card';

/** The little that a visitor may see of an operator. */
export function presentOperatorCard(operator: {
  readonly id: string;
  readonly displayName: string;
  readonly avatarUrl: string | null;
  readonly isOnline?: boolean;
}): OperatorCard {
  return Object.assign(new OperatorCard(), {
    id: encodePublicId('user', operator.id),
    displayName: operator.displayName,
    avatarUrl: operator.avatarUrl,
    userRef: operator.id,
    ...(operator.isOnline === undefined ? {} : { isOnline: operator.isOnline }),
  });
}
