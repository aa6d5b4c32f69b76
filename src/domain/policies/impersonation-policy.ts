import type { Principal } from '../actor';
import { forbidden, type Refusal } from '../refusal';

/**
 * What a member of staff may not do while logged in as a member, and why not. Everything else is theirs anyway: staff
 * hold every permission. What takes staff (API keys, organizations, "log in as" itself) no member may do, and changing
 * a password takes the mail that goes to the person.
 */
const WITHHELD = {
  operate: 'Visitors would take you for this person. Use your own account to handle conversations.',
  manageMembers: 'Who is let in, and who let them in, must be beyond doubt. Use your own account.',
  changePushSubscriptions: "This person's notifications would come to your browser, or no longer to theirs.",
  sendToThem: 'The person would get it, not you. Use your own account.',
  markRead: 'The person would miss what you have read for them.',
  endSessions: 'The person, or a colleague, would be signed out of a browser. Sign out to end this session alone.',
  signOutEverywhere: 'This would sign the person out on all devices. Leave out `allSessions` to end this session.',
} as const;
export type Withheld = keyof typeof WITHHELD;

export function isImpersonated(principal: Principal): boolean {
  return principal.kind === 'USER' && principal.impersonatorId !== null;
}

/** FORBIDDEN, with the reason, for a member of staff who is logged in as somebody; null for everybody else. */
export function refuseImpersonator(principal: Principal, what: Withheld): Refusal | null {
  return isImpersonated(principal) ? forbidden(`You are logged in as somebody else. ${WITHHELD[what]}`) : null;
}
