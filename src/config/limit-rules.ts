/**
 * What a limit counts by. CLIENT: the client's address. EMAIL, INQUIRY and AGENT: what the input names, whoever the caller is.
 * The others are the caller; a rule does not apply to a caller that has no such part. ORGANIZATION is that of the agent
 * that a visitor talks with.
 */
export type LimitPart =
  'CLIENT' | 'EMAIL' | 'INQUIRY' | 'AGENT' | 'PRINCIPAL' | 'VISITOR' | 'USER' | 'KEY' | 'ORGANIZATION';

/** So many calls of these root fields in so many seconds, by each combination of the parts. */
export interface LimitRule {
  readonly name: string;
  /** Root fields that count together; EVERY for all of them, SUBSCRIPTIONS for all streams. */
  readonly fields: readonly string[] | 'EVERY' | 'SUBSCRIPTIONS';
  readonly per: readonly LimitPart[];
  readonly points: number;
  readonly seconds: number;
  /** Counted by all processes together. False: each process counts for itself, which costs no round trip. */
  readonly isShared: boolean;
}

const shared = (
  name: string,
  fields: readonly string[],
  per: readonly LimitPart[],
  points: number,
  seconds: number,
): LimitRule => ({ name, fields, per, points, seconds, isShared: true });

/** What an account is entered by: each of them takes an expensive hash, or a secret from a mail. */
const ENTRIES = ['signIn', 'requestPasswordReset', 'resetPassword', 'acceptInvitation'];

/**
 * The defaults, in the order in which they are asked. The narrow one comes before the wide one, so that whoever is over
 * a limit of its own uses up nothing of what others share.
 */
export const LIMIT_RULES: readonly LimitRule[] = [
  { name: 'requests', fields: 'EVERY', per: ['CLIENT'], points: 6000, seconds: 60, isShared: false },
  { name: 'subscriptions', fields: 'SUBSCRIPTIONS', per: ['PRINCIPAL'], points: 600, seconds: 60, isShared: false },
  { name: 'typing', fields: ['setTyping'], per: ['PRINCIPAL'], points: 120, seconds: 60, isShared: false },

  shared('sign-in-by-client', ENTRIES, ['CLIENT'], 600, 300),
  shared('sign-in-by-client-and-account', ['signIn'], ['CLIENT', 'EMAIL'], 60, 300),
  // Above what one client can use up, so that nobody alone locks an account's owner out.
  shared('sign-in-by-account', ['signIn'], ['EMAIL'], 300, 900),

  shared('visits-by-client', ['startVisitorSession'], ['CLIENT'], 600, 60),
  shared('visits-by-agent', ['startVisitorSession'], ['AGENT'], 3000, 60),

  shared('conversations-by-visitor', ['startConversation'], ['VISITOR'], 60, 300),
  shared('conversations-by-organization', ['startConversation'], ['ORGANIZATION'], 3000, 60),
  shared('messages-by-visitor', ['sendMessage'], ['VISITOR'], 240, 60),
  shared('messages-by-organization', ['sendMessage'], ['ORGANIZATION'], 6000, 60),
  shared('attachments-by-visitor', ['createAttachment'], ['VISITOR'], 60, 300),
  shared('attachments-by-organization', ['createAttachment'], ['ORGANIZATION'], 1200, 60),
  shared('handoffs-by-visitor', ['requestHandoff'], ['VISITOR'], 30, 300),
  shared('handoffs-by-organization', ['requestHandoff'], ['ORGANIZATION'], 600, 60),
  shared('inquiries-by-visitor', ['submitInquiry'], ['VISITOR'], 20, 600),
  shared('inquiries-by-organization', ['submitInquiry'], ['ORGANIZATION'], 300, 60),

  shared('messages-by-user', ['sendMessage', 'addNote'], ['USER'], 240, 60),
  shared('attachments-by-user', ['createAttachment'], ['USER'], 120, 300),
  // Each of them may write to everybody's mailbox.
  shared('transfers-by-user', ['transferHandoff'], ['USER'], 120, 300),
  shared('writes-by-key', ['postAgentReply', 'requestHandoff', 'sendMessage', 'createAttachment'], ['KEY'], 1200, 60),
  // Whoever makes us write to people's addresses, by who it is.
  shared('resets-by-client', ['requestPasswordReset'], ['CLIENT'], 60, 3600),
  shared('invitations-by-sender', ['inviteUser'], ['PRINCIPAL'], 200, 3600),
  shared('answers-by-sender', ['answerInquiry'], ['PRINCIPAL'], 300, 3600),
  shared('transcripts-by-sender', ['mailTranscript'], ['PRINCIPAL'], 60, 3600),
  shared('test-mails-by-sender', ['sendTestMail'], ['PRINCIPAL'], 30, 3600),
  shared('retries-by-user', ['retryDelivery'], ['USER'], 60, 3600),
  shared('tests-by-user', ['sendTestNotification'], ['USER'], 20, 3600),
  // And by whose address it is. Last: a refused caller uses up nobody's mailbox. An inquiry has one address for good.
  shared('answers-by-inquiry', ['answerInquiry'], ['INQUIRY'], 20, 3600),
  shared('mail-by-address', ['submitInquiry', 'requestPasswordReset', 'inviteUser'], ['EMAIL'], 10, 3600),
];

const EXAMPLE = 'off, or changes such as messages-by-visitor=30/60,typing=off (calls/seconds)';
const CHANGE = /^([a-z-]+)=(?:(off)|(\d{1,7})\/(\d{1,5}))$/;
const LONGEST_SECONDS = 86_400;

/** The rules with the changes of BATON_LIMITS applied, or the end of a sentence that begins with the variable's name. */
export function limitRulesOf(text: string): readonly LimitRule[] | string {
  if (text === 'off') return [];
  const rules = new Map(LIMIT_RULES.map((rule) => [rule.name, rule]));
  for (const change of text.split(',').map((part) => part.trim())) {
    const [, name = '', off, points = '', seconds = ''] = CHANGE.exec(change) ?? [];
    if (name === '') return `must be ${EXAMPLE}`;
    const rule = LIMIT_RULES.find((one) => one.name === name);
    if (rule === undefined) return `must be about limits that exist: ${LIMIT_RULES.map((one) => one.name).join(', ')}`;
    if (off === undefined && !isUsable(Number(points), Number(seconds))) {
      return `must be with at least 1 call and 1 to ${String(LONGEST_SECONDS)} seconds: ${EXAMPLE}`;
    }
    if (off === undefined) rules.set(name, { ...rule, points: Number(points), seconds: Number(seconds) });
    else rules.delete(name);
  }
  return [...rules.values()];
}

const isUsable = (points: number, seconds: number): boolean =>
  points >= 1 && seconds >= 1 && seconds <= LONGEST_SECONDS;
