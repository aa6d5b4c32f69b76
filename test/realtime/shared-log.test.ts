import fc from 'fast-check';
import { Frames, nextFrame } from '../../src/realtime/frames';
import { SharedLog } from '../../src/realtime/shared-log';
import { takeFrame } from './raw-frames';

const entry = (position: number, text = String(position), conversationId: string | null = null) => ({
  position,
  conversationId,
  payload: Buffer.from(JSON.stringify({ data: text })),
  isLast: false,
});

describe('shared log', () => {
  test('keeps indexes while entries are put before it and dropped from it: as a plain list of positions does', () => {
    type Step = { kind: 'append' | 'prepend' | 'drop'; count: number };
    const step = fc.record<Step>({
      kind: fc.constantFrom('append', 'prepend', 'drop'),
      count: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const log = new SharedLog(1000);
        let model: number[] = [];
        let first = 0;
        let [low, high] = [1000, 1000];
        for (const { kind, count } of steps) {
          if (kind === 'append') {
            for (let n = 0; n < count; n += 1) {
              // Not every position belongs to the stream.
              high += 2;
              log.append(entry(high));
              model.push(high);
            }
          } else if (kind === 'prepend') {
            const older = Array.from({ length: count }, (_, n) => low - 2 * (count - n) + 1);
            low -= 2 * count;
            log.prepend(
              older.map((position) => entry(position)),
              low,
            );
            model = [...older, ...model];
            first -= count;
          } else {
            log.dropBefore(first + count);
            const dropped = model.splice(0, count);
            first += dropped.length;
            low = dropped.at(-1) ?? low;
          }
          expect([log.start, log.end, log.completeAfter]).toEqual([first, first + model.length, low]);
          expect(log.bytes).toBe(model.reduce((sum, position) => sum + entry(position).payload.length, 0));
          for (const [offset, position] of model.entries()) {
            expect(log.at(first + offset).position).toBe(position);
            expect(log.indexAfter(position)).toBe(first + offset + 1);
            expect(log.indexAfter(position - 1)).toBe(first + offset);
          }
        }
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  test('what is recent is bounded by count and by bytes, whichever is less', () => {
    const log = new SharedLog(0);
    for (let position = 1; position <= 10; position += 1) log.append(entry(position, 'x'.repeat(100)));
    expect(log.indexOfRecent(3, 1_000_000)).toBe(7);
    expect(log.indexOfRecent(100, 1_000_000)).toBe(0);
    expect(log.indexOfRecent(100, 250)).toBe(8);
    expect(log.indexOfRecent(100, 0)).toBe(10);
  });

  test('what was erased is passed over: by those who are behind, those who come back, and the bound of bytes', () => {
    const log = new SharedLog(0);
    for (const [index, of] of ['a', 'b', 'a', 'b', 'c'].entries()) log.append(entry(index + 1, of, of));
    const fork = log.fork();
    const before = log.bytes;
    log.erase('a');
    expect([log.count(0, 5), log.count(2, 4), log.bytes]).toEqual([3, 1, before - 2 * entry(1, 'a').payload.length]);
    const { frames, to, count } = new Frames(log).of('"1"', 0, 4);
    expect([to, count]).toEqual([4, 2]);
    expect(frames.toString()).not.toContain('"a"');
    log.erase('b');
    expect(new Frames(log).of('"1"', 0, 4)).toEqual({ frames: Buffer.alloc(0), to: 4, count: 0 });
    expect([fork.count(0, 5), fork.bytes]).toEqual([5, before]);
    fork.erase('c');
    log.dropBefore(5);
    expect([log.bytes, fork.count(0, 5)]).toEqual([0, 4]);
  });

  test('a fork goes on by itself', () => {
    const log = new SharedLog(0);
    log.append(entry(1));
    const fork = log.fork();
    log.append(entry(2));
    fork.dropBefore(1);
    expect([log.start, log.end, fork.start, fork.end, fork.completeAfter]).toEqual([0, 2, 1, 1, 1]);
  });
});

describe('frames', () => {
  const textsOf = (bytes: Buffer): unknown[] => {
    const texts: unknown[] = [];
    let rest = bytes;
    for (let frame = takeFrame(rest); frame !== null; frame = takeFrame(rest)) {
      texts.push(JSON.parse(frame.payload.toString()));
      rest = rest.subarray(frame.length);
    }
    expect(rest).toHaveLength(0);
    return texts;
  };

  test.each([1, 125 - 40, 130, 65_490, 65_600, 200_000])(
    'payloads of about %i bytes are one whole frame each',
    (size) => {
      for (let more = 0; more < 60; more += 1) {
        const data = { data: 'ü'.repeat(4) + 'x'.repeat(size + more) };
        const payload = Buffer.from(JSON.stringify(data));
        expect(textsOf(nextFrame('"a"', payload))).toEqual([{ id: 'a', type: 'next', payload: data }]);
      }
    },
  );

  test('every operation id gets its own, of whatever length, also when templates are shared', () => {
    const log = new SharedLog(0);
    for (let position = 1; position <= 5; position += 1) log.append(entry(position));
    const frames = new Frames(log);
    for (const id of ['1', '2', '"quoted"', 'ünï', 'x'.repeat(36), 'y'.repeat(36)]) {
      const { frames: bytes, to } = frames.of(JSON.stringify(id), 1, 4);
      expect(to).toBe(4);
      const expected = [2, 3, 4].map((n) => ({ id, type: 'next', payload: { data: String(n) } }));
      expect(textsOf(bytes)).toEqual(expected);
    }
    log.append(entry(6));
    expect(frames.of('"1"', 4, 6).to).toBe(6);
    expect(textsOf(frames.of('"1"', 5, 6).frames)).toMatchObject([{ payload: { data: '6' } }]);
  });

  test('one write has a bound; a larger entry goes alone', () => {
    const log = new SharedLog(0);
    for (const size of [200_000, 30_000, 30_000, 30_000, 30_000]) log.append(entry(log.end + 1, 'x'.repeat(size)));
    const frames = new Frames(log);
    const ends: number[] = [];
    for (let from = 0; from < log.end; from = ends.at(-1)!) ends.push(frames.of('"1"', from, log.end).to);
    expect(ends).toEqual([1, 4, 5]);
  });
});
