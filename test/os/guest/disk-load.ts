/**
 * A client of the disk's driver that writes and reads in an area of its own, one of many under way at the same
 * time: every write is read back, and with it the one before. Whatever becomes of drivers, no call fails.
 * Its exit status is 0 where everything was as it should be.
 */
import * as block from '../../../os/proto/block.client.ts';
import { handleNamed } from '../../../os/runtime/start.ts';

const ROUNDS: u32 = 400;
const AREA_SECTORS: u32 = 256;
const SECTORS_MAX: u32 = 16;
const SECTOR_SIZE: u32 = 512;
const FLUSH_EVERY: u32 = 16;

const written = memory.data(8192, 4);
const found = memory.data(8192, 4);
let state: u32 = 0;

export function main(number: u32): i32 {
  const port = handleNamed('driver');
  state = number * 0x9e37_79b9 + 1;
  let sectorBefore: u32 = 0;
  let seedBefore: u32 = 0;
  for (let round: u32 = 1; round <= ROUNDS; round += 1) {
    const count = 1 + (chance() % SECTORS_MAX);
    const sector = number * AREA_SECTORS + (chance() % (AREA_SECTORS - SECTORS_MAX));
    const seed = number + (round << 8);
    fill(written, count, seed);
    if (block.write(port, sector, written, count * SECTOR_SIZE) !== count) return 1;
    if (block.read(port, sector, found, count * SECTOR_SIZE) !== count) return 2;
    if (memory.compare(written, found, count * SECTOR_SIZE) !== 0) return 3;
    const isOver = sectorBefore >= sector && sectorBefore < sector + count;
    if (round > 1 && !isOver && !holds(port, sectorBefore, seedBefore)) return 4;
    if (round % FLUSH_EVERY === 0 && block.flush(port) !== 0) return 5;
    sectorBefore = sector;
    seedBefore = seed;
  }
  return 0;
}

/** Whether the first sector of an earlier write is still that. */
function holds(port: u32, sector: u32, seed: u32): bool {
  fill(written, 1, seed);
  if (block.read(port, sector, found, SECTOR_SIZE) !== 1) return false;
  return memory.compare(written, found, SECTOR_SIZE) === 0;
}

function fill(to: u32, count: u32, seed: u32): void {
  let word = seed;
  for (let at: u32 = 0; at < count * SECTOR_SIZE; at += 4) {
    word = word * 1_664_525 + 1_013_904_223;
    store<u32>(to + at, word);
  }
}

function chance(): u32 {
  state = state * 1_664_525 + 1_013_904_223;
  return state >> 8;
}
