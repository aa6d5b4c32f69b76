import { CreateCoreTables1795000000000 } from '../../migrations/1795000000000-create-core-tables';
import { CreateEventAndNotificationTables1795000000001 } from '../../migrations/1795000000001-create-event-and-notification-tables';
import { CreateInvitations1795100000000 } from '../../migrations/1795100000000-create-invitations';
import { CreateHosts1795100000001 } from '../../migrations/1795100000001-create-hosts';
import { CreateRateLimits1795100000002 } from '../../migrations/1795100000002-create-rate-limits';
import { CreatePasswordResets1795100000003 } from '../../migrations/1795100000003-create-password-resets';
import { IndexWhatErasureFinds1795200000400 } from '../../migrations/1795200000400-index-what-erasure-finds';

/** In the order in which they run. Named one by one, so that a build cannot forget a file that a glob would miss. */
export const MIGRATIONS = [
  CreateCoreTables1795000000000,
  CreateEventAndNotificationTables1795000000001,
  CreateInvitations1795100000000,
  CreateHosts1795100000001,
  CreateRateLimits1795100000002,
  CreatePasswordResets1795100000003,
  IndexWhatErasureFinds1795200000400,
];
