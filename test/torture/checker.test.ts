import { checkHistory } from '../../torture/history/check';
import type { BreachKind, History } from '../../torture/history/history';
import { gaveUpOver, messagesTold, withNewMessage, withStream } from './altered-history';
import { BAD_ARRIVALS, GOOD_ARRIVALS } from './bad-arrivals';
import { BAD_FILES, GOOD_FILES } from './bad-files';
import { BAD_HANDOFFS, claimedByBen } from './bad-handoffs';
import { BAD_LADDERS, GOOD_LADDERS } from './bad-ladders';
import { BAD_NOTES, GOOD_NOTES } from './bad-notes';
import { BAD_STREAMS } from './bad-streams';
import { goodHistory } from './good-history';

const kindsOf = (history: History): BreachKind[] => [...new Set(checkHistory(history).map(({ kind }) => kind))];

describe('the checker, on good histories', () => {
  const good: readonly [string, History][] = [
    ['one in which everything happened once', goodHistory()],
    [
      'a sender that was never answered, whose message is there',
      (() => {
        const history = goodHistory();
        return { ...history, sends: history.sends.map((send) => ({ ...send, outcome: { kind: 'UNKNOWN' } as const })) };
      })(),
    ],
    [
      'a sender that was never answered, whose message is not there',
      (() => {
        const history = goodHistory();
        const lost = { ...history.sends[0]!, nonce: 'never came', outcome: { kind: 'UNKNOWN' } as const };
        return { ...history, sends: [...history.sends, lost] };
      })(),
    ],
    [
      'a reply that was refused and is not there',
      (() => {
        const history = goodHistory();
        const refused = { kind: 'REFUSED', codes: ['STALE_CONTROL_EPOCH'] } as const;
        return { ...history, sends: [...history.sends, { ...history.sends[1]!, nonce: 'late', outcome: refused }] };
      })(),
    ],
    ['a stream that gave up over 301 events', gaveUpOver(302)],
    ['alerts of messages, an interval apart', messagesTold(0, 60_000)],
    ['an operator who asks for what was handed to them', claimedByBen(9_501)],
    [
      'the visitor’s stream that was told of the birth of the conversation',
      withStream('vera', (entries) => [
        entries[0]!,
        { kind: 'EVENT', key: 'conversation conversation at epoch 1', cursor: 'cursor 4' },
        ...entries.slice(1).filter((entry) => entry.kind !== 'EVENT' || !entry.key.endsWith('epoch 1')),
      ]),
    ],
    [
      'a visitor who wrote while a person was asked for',
      withNewMessage({ authorKind: 'VISITOR', authorId: null, text: 'Still?' }, 'm4'),
    ],
    ...GOOD_ARRIVALS,
    ...GOOD_LADDERS,
    ...GOOD_NOTES,
    ...GOOD_FILES,
  ];

  it.each(good)('finds nothing in %s', (_what, history) => {
    expect(checkHistory(history)).toEqual([]);
  });
});

describe('the checker, on histories with one planted breach', () => {
  const bad = [...BAD_STREAMS, ...BAD_HANDOFFS, ...BAD_ARRIVALS, ...BAD_LADDERS, ...BAD_NOTES, ...BAD_FILES];

  it.each(bad)('names %s: %s', (kind, _what, history) => {
    expect(kindsOf(history)).toContain(kind);
  });

  it('says where to look', () => {
    const history = withNewMessage({ authorKind: 'AI', authorId: null, text: 'As I was saying' }, 'm6');
    expect(checkHistory(history)).toEqual([
      {
        kind: 'SPOKEN_OVER',
        detail:
          'message 7 of conversation conversation (“As I was saying”) is the AI’s, while operator ada had control',
      },
    ]);
  });
});
