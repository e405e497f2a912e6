/**
 * Copies and fills of the runtime against the host's, in every alignment and overlap; both run in Node here.
 */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { compileGuest } from '../../images/guest/compile.ts';

type Copy = (destination: number, source: number, count: number) => void;
let memory: Uint8Array;
let copy: Copy;
let fill: Copy;

beforeAll(async () => {
  const entry = 'images/runtime/memory-unbounded.ts';
  const { wasm } = await compileGuest({ entry, profile: 'service' });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(wasm)));
  const pages = exports['memory'] as WebAssembly.Memory;
  pages.grow(1);
  memory = new Uint8Array(pages.buffer);
  copy = exports['memory_copy'] as Copy;
  fill = exports['memory_fill'] as Copy;
});

const place = fc.integer({ min: 0, max: 300 });
const count = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 200 }));
const parameters = { seed: 20_002, numRuns: 3_000 };

function startingBytes(): Uint8Array {
  return Uint8Array.from({ length: 600 }, (_, index) => (index * 167 + (index >> 3)) & 0xff);
}

/** The first byte that memory has otherwise, or -1. */
function differingByte(expected: Uint8Array): number {
  return expected.findIndex((byte, index) => memory[index] !== byte);
}

it('a copy is the host’s own, wherever the two ranges lie', () => {
  fc.assert(
    fc.property(place, place, count, (to, from, size) => {
      const expected = startingBytes();
      memory.set(expected);
      expected.copyWithin(to, from, from + size);
      copy(to, from, size);
      expect(differingByte(expected)).toBe(-1);
    }),
    parameters,
  );
});

it('a fill is the host’s own', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 0, max: 0x3ff }), count, (to, byte, size) => {
      const expected = startingBytes();
      memory.set(expected);
      expected.fill(byte & 0xff, to, to + size);
      fill(to, byte, size);
      expect(differingByte(expected)).toBe(-1);
    }),
    parameters,
  );
});
