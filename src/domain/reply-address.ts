const LOCAL_PART = /^reply\+([0-9a-f]{32})$/i;

export function replyAddress(token: string, domain: string): string {
  return `reply+${token}@${domain}`;
}

/** The token in an address of this domain; null: it is no reply address. */
export function replyTokenOf(address: string, domain: string): string | null {
  const at = address.lastIndexOf('@');
  if (address.slice(at + 1).toLowerCase() !== domain.toLowerCase()) return null;
  return LOCAL_PART.exec(address.slice(0, Math.max(0, at)))?.[1]?.toLowerCase() ?? null;
}
