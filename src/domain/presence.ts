export type PresenceStatus = 'ONLINE' | 'AWAY' | 'OFFLINE';

/** Connected and available is ONLINE; connected alone is AWAY. Visitors are always available. */
export function presenceStatus(facts: { connected: boolean; available: boolean }): PresenceStatus {
  if (!facts.connected) return 'OFFLINE';
  return facts.available ? 'ONLINE' : 'AWAY';
}
