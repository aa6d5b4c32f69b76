import { createHmac, timingSafeEqual } from 'node:crypto';
import type { TurnOffTokens } from '../domain/turn-off-token';
import { bytesToUuid, UUID_BYTES, uuidToBytes } from './uuid-bytes';

const PREFIX = 'bat_o_';
const MAC_BYTES = 32;
const FORM = /^bat_o_[\w-]{86}$/;

/**
 * The token names the person and proves that this installation wrote it: nothing of it is stored, and it works for as
 * long as the person is there, because people press the button in old mails too.
 *
 * @param secret shared by every process of an installation; with another one, links that are out stop working
 */
export function createTurnOffTokens(secret: string): TurnOffTokens {
  const macOf = (names: Buffer): Buffer => createHmac('sha256', secret).update('TURN_OFF_MAIL:').update(names).digest();
  return {
    of: ({ workspaceId, userId }) => {
      const names = Buffer.concat([uuidToBytes(workspaceId), uuidToBytes(userId)]);
      return PREFIX + Buffer.concat([names, macOf(names)]).toString('base64url');
    },
    read: (token) => {
      if (!FORM.test(token)) return null;
      const bytes = Buffer.from(token.slice(PREFIX.length), 'base64url');
      if (bytes.length !== 2 * UUID_BYTES + MAC_BYTES) return null;
      const names = bytes.subarray(0, 2 * UUID_BYTES);
      if (!timingSafeEqual(bytes.subarray(2 * UUID_BYTES), macOf(names))) return null;
      return {
        workspaceId: bytesToUuid(names.subarray(0, UUID_BYTES)),
        userId: bytesToUuid(names.subarray(UUID_BYTES)),
      };
    },
  };
}
