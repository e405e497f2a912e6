/**
 * A first process that goes over as much memory as a large read brings, which is in no cache, in pieces as long as a
 * fragment's: reads it, copies it, hashes it. It prints how many bytes, and the cycles that each took.
 */
import { csr_read, load32 } from 'rv';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import { CYCLE } from '../../../os/lib/csr.ts';
import { hashOnto, setUniversalKey } from '../../../os/lib/universal-hash.ts';
import { reset } from '../../../os/runtime/system.ts';
import { say, sayNumber } from './say.ts';

const SIZE: u32 = 0x1_0000;
const PIECE: u32 = 1440;
const END: u32 = SIZE - (SIZE % PIECE);

const from = memory.data(65_536, 64);
const to = memory.data(65_536, 64);
const others = memory.data(65_536, 64);
const secret = memory.data(32, 4);
const sums = memory.data(16, 8);

export function main(_argument: u32): i32 {
  setUniversalKey(secret, 0);
  pass('first ');
  pass('passes ');
  return reset(INIT_CONTROL, 0, 0);
}

/** The first one takes longer. */
function pass(name: string): void {
  say(name);
  sayNumber(END);
  forget();
  let before = csr_read(CYCLE);
  read(from, END);
  sayNumber(csr_read(CYCLE) - before);
  forget();
  before = csr_read(CYCLE);
  for (let at: u32 = 0; at < END; at += PIECE) memory.copy(to + at, from + at, PIECE);
  sayNumber(csr_read(CYCLE) - before);
  forget();
  before = csr_read(CYCLE);
  for (let at: u32 = 0; at < END; at += PIECE) hashOnto(from + at, PIECE, sums, sums, 0);
  sayNumber(csr_read(CYCLE) - before);
  say('\n');
}

/** What was in the caches is not there any more. */
function forget(): void {
  read(others, SIZE);
}

/** Nothing is done with it. */
function read(start: u32, size: u32): void {
  for (let at = start; at !== start + size; at += 32) {
    load32(at);
    load32(at + 4);
    load32(at + 8);
    load32(at + 12);
    load32(at + 16);
    load32(at + 20);
    load32(at + 24);
    load32(at + 28);
  }
}
