import { acceptHandoff } from '../../src/commands/conversation/accept-handoff';
import { markRead } from '../../src/commands/conversation/mark-read';
import { sendMessage } from '../../src/commands/conversation/send-message';
import { takeOverConversation } from '../../src/commands/conversation/take-over-conversation';
import { AlertBench } from './alert-bench';

let bench: AlertBench;

beforeAll(async () => {
  bench = await AlertBench.start();
});

beforeEach(() => bench.reset());

afterEach(() => {
  expect(bench.log.errors()).toEqual([]);
});

afterAll(() => bench.stop());

const say = (text: string) => bench.routing.say(text);
const request = () => bench.routing.request();

async function burst(count: number, from = 1): Promise<void> {
  for (let number = from; number < from + count; number += 1) await say(`Message ${number}`);
}

interface Scenario {
  readonly situation: string;
  readonly happens: () => Promise<unknown>;
  /** Titles of the mails; as many pushes come. */
  readonly delivered: readonly string[];
  /** What every delivery that did not leave says. */
  readonly skipped?: readonly string[];
}

const ASKS = 'Vera asks for a person';
const WROTE = 'Vera wrote a message';

/** What happens to the one operator who wants to be told of everything, and what arrives. */
const SCENARIOS: readonly Scenario[] = [
  {
    situation: 'a new conversation with its first message',
    happens: async () => {
      await say('Hello');
      await bench.work();
      await bench.pass(4);
    },
    delivered: [WROTE],
  },
  {
    situation: 'a new conversation, its first message and its request, read together',
    happens: async () => {
      await say('Hello');
      await request();
    },
    delivered: [ASKS],
  },
  {
    situation: 'the same, read one after the other',
    happens: async () => {
      await say('Hello');
      await bench.work();
      await request();
      await bench.work();
      await say('Please');
      await bench.work();
      await bench.pass(300);
    },
    delivered: [ASKS],
    skipped: ['FOLDED'],
  },
  {
    situation: 'a request, and words that follow it after a while',
    happens: async () => {
      await request();
      await bench.work();
      await bench.pass(20);
      await burst(3);
      await bench.work();
      await bench.pass(45);
    },
    delivered: [ASKS, 'Vera wrote 3 messages'],
  },
  {
    situation: '20 messages in 3 intervals',
    happens: async () => {
      await bench.pass(3600);
      await say('Message 1');
      await bench.work();
      await burst(7, 2);
      await bench.work();
      await bench.pass(40);
      await burst(4, 9);
      await bench.work();
      await bench.pass(30);
      await bench.work();
      await burst(8, 13);
      await bench.work();
      await bench.pass(300);
    },
    delivered: [WROTE, 'Vera wrote 11 messages', 'Vera wrote 8 messages'],
  },
  {
    situation: 'messages with an interval of quiet between them',
    happens: async () => {
      await bench.pass(3600);
      for (const text of ['One', 'Two', 'Three']) {
        await say(text);
        await bench.work();
        await bench.pass(61);
      }
    },
    delivered: [WROTE, WROTE, WROTE],
  },
  {
    situation: 'a claim before anything has left',
    happens: async () => {
      const handoffId = await request();
      await acceptHandoff(bench.routing.database, bench.world.secondOperator.principal, { handoffId });
    },
    delivered: [],
    skipped: ['CLAIMED'],
  },
  {
    situation: 'a claim while messages are being gathered',
    happens: async () => {
      await bench.pass(3600);
      await burst(1);
      await bench.work();
      await burst(2, 2);
      await bench.work();
      await takeOver('secondOperator');
      await bench.work();
      await bench.pass(300);
    },
    delivered: [WROTE],
    skipped: ['CLAIMED'],
  },
  {
    situation: 'everything while watching',
    happens: async () => {
      await bench.pass(3600);
      await bench.routing.watch(bench.world.operator.id, 60);
      await burst(2);
      await request();
    },
    delivered: [],
    skipped: ['WATCHING'],
  },
  {
    situation: 'messages that the operator comes to watch before they leave',
    happens: async () => {
      await bench.pass(3600);
      await burst(1);
      await bench.work();
      await burst(2, 2);
      await bench.work();
      await bench.routing.watch(bench.world.operator.id, 60);
      await bench.pass(300);
    },
    delivered: [WROTE],
    skipped: ['WATCHING'],
  },
  {
    situation: 'messages that the operator has read before they leave',
    happens: async () => {
      await bench.pass(3600);
      await burst(1);
      await bench.work();
      await burst(2, 2);
      await bench.work();
      const input = { conversationId: bench.world.conversation.id, upToSequence: 3 };
      await markRead(bench.routing.database, bench.world.operator.principal, input);
      await bench.pass(300);
    },
    delivered: [WROTE],
    skipped: ['SEEN'],
  },
  {
    situation: 'messages that the operator has answered before they leave',
    happens: async () => {
      await bench.pass(3600);
      await takeOver('operator');
      await burst(1);
      await bench.work();
      await burst(2, 2);
      await bench.work();
      const conversationId = bench.world.conversation.id;
      const reply = { conversationId, clientNonce: 'reply', text: 'Here I am' };
      await sendMessage(bench.routing.database, bench.world.operator.principal, reply);
      await bench.pass(300);
    },
    delivered: [WROTE],
    skipped: ['SEEN'],
  },
  {
    situation: 'messages that the operator may not see any more when they leave',
    happens: async () => {
      await bench.pass(3600);
      await burst(1);
      await bench.work();
      await burst(2, 2);
      await bench.work();
      await bench.routing.source.query(`update users set permissions = '{VIEW_CONVERSATIONS}' where id = $1`, [
        bench.world.operator.id,
      ]);
      await bench.pass(300);
    },
    delivered: [WROTE],
    skipped: ['ACCESS_LOST'],
  },
  {
    situation: 'a worker that dies after the rows are written, and a log that is read again from its beginning',
    happens: async () => {
      await bench.pass(3600);
      await burst(3);
      await request();
      await bench.routing.drain();
      await bench.routing.source.query('update event_consumers set position = 0');
    },
    delivered: [ASKS],
  },
];

async function takeOver(who: 'operator' | 'secondOperator'): Promise<void> {
  const input = { conversationId: bench.world.conversation.id, expectedControlEpoch: null };
  await takeOverConversation(bench.routing.database, bench.world[who].principal, input);
}

describe('what arrives after', () => {
  it.each(SCENARIOS)('$situation: $delivered', async ({ happens, delivered, skipped = [] }) => {
    await happens();
    await bench.work();
    await bench.work();
    expect(bench.mails()).toEqual(delivered);
    expect((await bench.pushes()).map(({ title }) => title)).toEqual(delivered);
    const deliveries = await bench.routing.source.query<{ state: string; detail: string | null }[]>(
      `select distinct d.state, d.detail from deliveries d join notifications n on n.id = d.notification_id
       where n.user_id = $1 and d.state <> 'SENT' order by 1, 2`,
      [bench.world.operator.id],
    );
    expect(deliveries).toEqual(skipped.map((detail) => ({ state: 'SKIPPED', detail })));
  });
});
