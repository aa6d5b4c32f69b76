import { parseAnswer } from '../../bench/load/http-connection';
import { type Deliveries, EventStreamWalker, FrameWalker } from '../../bench/load/frame-walker';
import { paced } from '../../bench/load/pace';
import { readStamp, STAMP, stampedText } from '../../bench/load/stamp';
import { chosenRows, readOptions } from '../../bench/options';
import { FAMILIES } from '../../bench/rows/families';
import { PROMISES } from '../../bench/promises';

class Heard implements Deliveries {
  count = 0;
  readonly stamps: number[] = [];
  readonly texts: string[] = [];
  readonly pings: string[] = [];
  readonly codes: number[] = [];
  delivered(count: number, sentAt: number | null): void {
    this.count += count;
    if (sentAt !== null) this.stamps.push(sentAt);
  }
  said(text: string): void {
    this.texts.push(text);
  }
  pinged(payload: Buffer): void {
    this.pings.push(payload.toString());
  }
  closed(code: number): void {
    this.codes.push(code);
  }
}

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const size =
    length < 126
      ? [length]
      : length < 65_536
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size]), payload]);
}

const event = (moment: number): Buffer =>
  frame(1, Buffer.from(JSON.stringify({ text: stampedText(moment), more: 'x'.repeat(200) })));
const stream = Buffer.concat([
  frame(1, Buffer.from('{"type":"connection_ack"}')),
  event(1000.5),
  event(2000.25),
  frame(9, Buffer.from('beat')),
  frame(1, Buffer.alloc(70_000, 'y')),
  event(3000),
  frame(8, Buffer.from([0x0f, 0xa8])),
]);

describe('FrameWalker', () => {
  it('counts events and hears the rest, in one piece', () => {
    const heard = new Heard();
    new FrameWalker(350, heard).read(stream);
    expect(heard).toMatchObject({
      count: 4,
      stamps: [1000.5],
      texts: ['{"type":"connection_ack"}'],
      pings: ['beat'],
      codes: [4008],
    });
  });

  it.each([1, 2, 3, 7, 64, 500, 1361])('finds the same in pieces of %p bytes', (size) => {
    const heard = new Heard();
    const walker = new FrameWalker(350, heard);
    for (let at = 0; at < stream.length; at += size) walker.read(stream.subarray(at, at + size));
    expect(heard).toMatchObject({ count: 4, texts: ['{"type":"connection_ack"}'], pings: ['beat'], codes: [4008] });
  });
});

describe('EventStreamWalker', () => {
  it.each([3, 10, 11, 100, 10_000])('counts each event once in pieces of %p bytes', (size) => {
    const heard = new Heard();
    const walker = new EventStreamWalker(heard);
    const text = Buffer.from(`:\n\n${'event: next\ndata: {"text":"@5.000@ hello"}\n\n'.repeat(20)}`);
    for (let at = 0; at < text.length; at += size) walker.read(text.subarray(at, at + size));
    expect(heard.count).toBe(20);
  });
});

describe('a stamped text', () => {
  it('tells when it was sent, to the microsecond', () => {
    const json = Buffer.from(JSON.stringify({ text: stampedText(98_765.432) }));
    expect(readStamp(json, json.indexOf(STAMP))).toBe(98_765.432);
  });

  it('tells nothing when its stamp was cut', () => {
    const cut = Buffer.from('{"text":"@98765.4');
    expect(readStamp(cut, cut.indexOf(STAMP))).toBeNull();
  });
});

describe('parseAnswer', () => {
  it.each([
    ['with a length', 'HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n{"a":1}\n', { status: 200, body: '{"a":1}\n' }],
    [
      'in chunks',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n4\r\n":1}\r\n0\r\n\r\n',
      { status: 200, body: '{"a":1}' },
    ],
    ['that is a refusal', 'HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n', { status: 503, body: '' }],
  ])('reads an answer %s, and waits while it is not whole', (_what, text, expected) => {
    const whole = Buffer.from(text);
    for (let length = 0; length < whole.length; length += 1) expect(parseAnswer(whole.subarray(0, length))).toBeNull();
    expect(parseAnswer(whole)).toEqual(expected);
  });
});

describe('paced', () => {
  it('emits every event of every burst, in order', async () => {
    const emitted: number[] = [];
    await paced({ bursts: 3, size: 2, perSecond: 1000 }, (number) => emitted.push(number));
    expect(emitted).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('the options', () => {
  it('are understood or refused', () => {
    expect(readOptions(['--quick', '--json', '--row', 'inbox'])).toEqual({ quick: true, json: true, row: 'inbox' });
    expect(readOptions(['--fast'])).toBeNull();
  });

  it('choose a family with all of its rows, one row of it, or nothing', () => {
    const chosen = (row: string | null): string[] => chosenRows(FAMILIES, row).flatMap(({ rows }) => rows);
    expect(chosen('commit')).toEqual(['commit-many', 'commit-one']);
    expect(chosen('commit-one')).toEqual(['commit-one']);
    expect(chosen('nonsense')).toEqual([]);
  });

  it('reach every promise, and each once', () => {
    const rows = chosenRows(FAMILIES, null).flatMap(({ rows: own }) => own);
    expect([...rows].sort()).toEqual(PROMISES.map(({ row }) => row).sort());
  });
});
