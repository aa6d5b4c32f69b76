import type { DataSource } from 'typeorm';
import { within } from '../../database/scope';
import { hashToken } from '../../identity/tokens';

/** Lets replies to this token come back to the inquiry, beside earlier tokens. The same one again changes nothing. */
export async function openReplyAddress(
  source: DataSource,
  inquiry: { readonly id: string; readonly workspaceId: string },
  token: string,
): Promise<void> {
  await within(source, { workspaceId: inquiry.workspaceId }, (manager) =>
    manager.query(
      `insert into reply_addresses (token_hash, workspace_id, inquiry_id)
       select $1, i.workspace_id, i.id from inquiries i where i.id = $2 and i.workspace_id = $3
       on conflict (token_hash) do nothing`,
      [hashToken(token), inquiry.id, inquiry.workspaceId],
    ),
  );
}
