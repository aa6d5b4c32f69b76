import type { DataSource } from 'typeorm';
import { read, SERVER } from '../database/scope';
import { hashToken } from '../identity/tokens';

export interface RepliedInquiry {
  readonly workspaceId: string;
  readonly inquiryId: string;
}

/** Which inquiry the token of a reply address is of; null: none. */
export async function findRepliedInquiry(source: DataSource, token: string): Promise<RepliedInquiry | null> {
  const [row] = await read(source, SERVER, (manager) =>
    manager.query<RepliedInquiry[]>(
      'select workspace_id as "workspaceId", inquiry_id as "inquiryId" from reply_addresses where token_hash = $1',
      [hashToken(token)],
    ),
  );
  return row ?? null;
}
