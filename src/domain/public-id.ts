/** Every kind of object that has a public id, with the prefix that its ids carry. */
const prefixes = {
  workspace: 'ws_',
  organization: 'org_',
  user: 'usr_',
  agent: 'agt_',
  visitor: 'vis_',
  conversation: 'conv_',
  message: 'msg_',
  attachment: 'att_',
  handoff: 'hnd_',
  note: 'note_',
  cannedAnswer: 'cans_',
  inquiry: 'inq_',
  inquiryAnswer: 'ians_',
  notification: 'ntf_',
  delivery: 'dlv_',
  pushSubscription: 'psh_',
  session: 'ses_',
  apiKey: 'key_',
  invitation: 'inv_',
  turn: 'turn_',
  auditEntry: 'aud_',
} as const;

export type PublicIdType = keyof typeof prefixes;

export const publicIdTypes = Object.keys(prefixes) as PublicIdType[];

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const digitsPattern = /^[0-9a-f]{32}$/;

/**
 * The id that clients see: the type's prefix and the 32 lower-case hex digits of the UUID.
 * Throws a TypeError when `uuid` is not a lower-case UUID: a caller's mistake, never a client's.
 */
export function encodePublicId(type: PublicIdType, uuid: string): string {
  if (!uuidPattern.test(uuid)) throw new TypeError(`not a lower-case UUID, so no ${type} id can be made of it`);
  // Hundreds a page: put together, it is three times as fast as with its hyphens replaced.
  return `${prefixes[type]}${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}${uuid.slice(19, 23)}${uuid.slice(24)}`;
}

/** The UUID behind a public id of the given type, or null when the text is anything else than exactly such an id. */
export function decodePublicId(type: PublicIdType, publicId: string): string | null {
  const prefix = prefixes[type];
  if (!publicId.startsWith(prefix)) return null;
  const digits = publicId.slice(prefix.length);
  return digitsPattern.test(digits) ? withHyphens(digits) : null;
}

/** The type and the UUID behind a public id, or null when the text is no public id of any type. */
export function decodeAnyPublicId(publicId: string): { type: PublicIdType; uuid: string } | null {
  for (const type of publicIdTypes) {
    const uuid = decodePublicId(type, publicId);
    if (uuid !== null) return { type, uuid };
  }
  return null;
}

function withHyphens(digits: string): string {
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join(
    '-',
  );
}
