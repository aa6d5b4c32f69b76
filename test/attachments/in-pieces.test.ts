import fc from 'fast-check';
import { inPieces, PIECE_BYTES } from '../../src/attachments/in-pieces';

async function* chunksOf(sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (const [at, size] of sizes.entries()) yield Buffer.alloc(size, at + 1);
}

it('the pieces are full but for the last one, none is empty, and together they are what came', async () => {
  const sizes = fc.array(fc.nat({ max: 3 * PIECE_BYTES }), { maxLength: 6 });
  const property = fc.asyncProperty(sizes, async (some) => {
    const pieces: Buffer[] = [];
    for await (const piece of inPieces(chunksOf(some))) pieces.push(piece);
    expect(pieces.slice(0, -1).every(({ length }) => length === PIECE_BYTES)).toBe(true);
    expect(pieces.every(({ length }) => length > 0 && length <= PIECE_BYTES)).toBe(true);
    const whole = Buffer.concat(some.map((size, at) => Buffer.alloc(size, at + 1)));
    expect(Buffer.concat(pieces).equals(whole)).toBe(true);
  });
  await fc.assert(property, { numRuns: 50 });
});
