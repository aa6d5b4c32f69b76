import type { Database } from '../../database/database';
import { transact } from '../../database/transact';
import type { Principal } from '../../domain/actor';
import { type Outcome, refused } from '../../domain/refusal';
import { MailSettings } from '../../entities/mail-settings';
import { audit } from '../audit/audit';
import { lockWorkspace } from '../organization/lock-workspace';
import { refuseUnlessStaff } from '../organization/refuse-unless-staff';
import { hurryMails } from './hurry-mails';

/** There is nothing left to show. */
const NOTHING: Outcome<never> = { value: null, refusals: [] };

/** Lets the mails of a workspace leave through the server's own again. Staff only; where nothing is set, nothing happens. */
export async function removeWorkspaceMailSettings(
  database: Database,
  principal: Principal,
  { workspaceId }: { readonly workspaceId: string },
): Promise<Outcome<never>> {
  const unauthorized = refuseUnlessStaff(principal, workspaceId);
  if (unauthorized !== null) return refused(unauthorized);
  return transact(database, principal, async (transaction) => {
    await lockWorkspace(transaction, workspaceId);
    const removed = await transaction.rows(MailSettings, workspaceId).delete({});
    if (removed === 0) return NOTHING;
    await audit(transaction, principal, 'WORKSPACE_MAIL_SETTINGS_REMOVED', {
      ...{ id: workspaceId, workspaceId, organizationId: null },
    });
    await hurryMails(transaction, workspaceId);
    return NOTHING;
  });
}
