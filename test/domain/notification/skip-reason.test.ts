import type { NotificationChoice } from '../../../src/domain/notification/default-settings';
import { type AlertFacts, skipReason, type SkipReason } from '../../../src/domain/notification/skip-reason';

const both: NotificationChoice = { channels: ['EMAIL', 'PUSH'], events: 'ALL_MESSAGES' };
const facts: AlertFacts = {
  kind: 'HANDOFF_REQUESTED',
  channel: 'EMAIL',
  isOperator: true,
  isTheOperator: false,
  settings: both,
  isSeen: false,
  isWatching: false,
  isClaimed: false,
  handoffState: 'REQUESTED',
};

describe('skipReason', () => {
  const cases: [string, Partial<AlertFacts>, SkipReason | null][] = [
    ['the person may not handle the agent any more', { isOperator: false }, 'ACCESS_LOST'],
    ['access is lost and it was seen too', { isOperator: false, isSeen: true }, 'ACCESS_LOST'],
    ['e-mail was switched off', { settings: { ...both, channels: ['PUSH'] } }, 'CHANNEL_OFF'],
    ['push was switched off', { channel: 'PUSH', settings: { ...both, channels: ['EMAIL'] } }, 'CHANNEL_OFF'],
    ['every channel was switched off', { settings: { ...both, channels: [] } }, 'CHANNEL_OFF'],
    [
      'single messages were switched off',
      { kind: 'MESSAGE_RECEIVED', handoffState: null, settings: { ...both, events: 'REQUESTS_ONLY' } },
      'CHANNEL_OFF',
    ],
    ['it was seen', { isSeen: true }, 'SEEN'],
    ['it is in front of the person', { isWatching: true }, 'WATCHING'],
    ['it is in front of the person, who has seen it', { isWatching: true, isSeen: true }, 'SEEN'],
    ['somebody accepted, and what is left of it was seen', { isSeen: true, handoffState: 'ACCEPTED' }, 'CLAIMED'],
    [
      'a message, and somebody else has the conversation',
      { kind: 'MESSAGE_RECEIVED', handoffState: null, isClaimed: true },
      'CLAIMED',
    ],
    ['a request that waits while somebody else has the conversation', { isClaimed: true }, null],
    ['somebody accepted', { handoffState: 'ACCEPTED' }, 'CLAIMED'],
    ['somebody accepted and handed back', { handoffState: 'RETURNED' }, 'CLAIMED'],
    ['somebody accepted and closed', { handoffState: 'RESOLVED' }, 'CLAIMED'],
    ['nobody came in time', { handoffState: 'UNANSWERED' }, 'ENDED'],
    ['the visitor cancelled', { handoffState: 'CANCELLED' }, 'ENDED'],
    ['the request still waits', {}, null],
    ['a transfer, and somebody else has it', { kind: 'HANDOFF_TRANSFERRED', handoffState: null }, 'ENDED'],
    [
      'a transfer, and the person has it',
      { kind: 'HANDOFF_TRANSFERRED', handoffState: null, isTheOperator: true },
      null,
    ],
    ['requests only, and this is one', { settings: { ...both, events: 'REQUESTS_ONLY' } }, null],
    [
      'requests only, and this is an inquiry',
      { kind: 'INQUIRY_SUBMITTED', handoffState: null, settings: { ...both, events: 'REQUESTS_ONLY' } },
      null,
    ],
    [
      'requests only, and nobody answered',
      { kind: 'HANDOFF_UNANSWERED', handoffState: null, settings: { ...both, events: 'REQUESTS_ONLY' } },
      null,
    ],
    ['a message, and all were asked for', { kind: 'MESSAGE_RECEIVED', handoffState: null }, null],
  ];

  it.each(cases)('when %s', (_situation, change, expected) => {
    expect(skipReason({ ...facts, ...change })).toBe(expected);
  });
});
