import { type Escalation, layRungs, nextRungAt } from '../../../src/domain/conversation/escalation';

const requestedAt = new Date('2027-03-01T09:00:00Z');
const request = { requestedAt, answerBy: new Date('2027-03-01T09:05:00Z'), online: 2 };
const ladder: Escalation = { onlineSeconds: 30, everyoneSeconds: 60, fallbackUserIds: ['manager'] };

/** `ONLINE +0 REACHED`: the rung, after how many seconds, and whether it came to that. */
const told = (escalation: Escalation | null, change: Partial<typeof request> = {}): string[] =>
  layRungs(escalation, { ...request, ...change }).map(({ rung, dueAt, state, detail }) =>
    [rung, `+${(dueAt.getTime() - requestedAt.getTime()) / 1000}`, state, ...(detail === null ? [] : [detail])].join(
      ' ',
    ),
  );

describe('layRungs', () => {
  it.each<[string, Escalation | null, Partial<typeof request>, string[]]>([
    ['no ladder: everybody at once', null, {}, ['EVERYONE +0 REACHED', 'UNANSWERED +300 WAITING']],
    [
      'a whole ladder',
      ladder,
      {},
      ['ONLINE +0 REACHED', 'EVERYONE +30 WAITING', 'FALLBACK +90 WAITING', 'UNANSWERED +300 WAITING'],
    ],
    [
      'nobody online: everybody at once, and the rest earlier',
      ladder,
      { online: 0 },
      ['ONLINE +0 SKIPPED NOBODY_ONLINE', 'EVERYONE +0 REACHED', 'FALLBACK +60 WAITING', 'UNANSWERED +300 WAITING'],
    ],
    [
      'nobody named',
      { ...ladder, fallbackUserIds: [] },
      {},
      ['ONLINE +0 REACHED', 'EVERYONE +30 WAITING', 'UNANSWERED +300 WAITING'],
    ],
    [
      'named from the beginning: told with everybody',
      { onlineSeconds: 0, everyoneSeconds: 0, fallbackUserIds: ['manager'] },
      {},
      ['EVERYONE +0 REACHED', 'FALLBACK +0 REACHED', 'UNANSWERED +300 WAITING'],
    ],
    [
      'a deadline before the last rungs',
      ladder,
      { answerBy: new Date('2027-03-01T09:00:30Z') },
      ['ONLINE +0 REACHED', 'EVERYONE +30 SKIPPED TOO_LATE', 'FALLBACK +90 SKIPPED TOO_LATE', 'UNANSWERED +30 WAITING'],
    ],
  ])('%s', (_situation, escalation, change, expected) => {
    expect(told(escalation, change)).toEqual(expected);
  });
});

describe('nextRungAt', () => {
  it('is the first that waits, and never the deadline', () => {
    expect(nextRungAt(layRungs(ladder, request))).toEqual(new Date('2027-03-01T09:00:30Z'));
    expect(nextRungAt(layRungs(null, request))).toBeNull();
  });
});
