/**
 * The block device under a volume, which whoever makes a program of these files exports: the service by calls
 * to a driver (service.ts), a host with a disk image (library.ts). Sectors of 512 bytes; each gives 0, or an
 * error that is handed on.
 */
import { SECTORS_PER_BLOCK } from './format.ts';

//@external("program", "readSectors")
export declare function readSectors(sector: u32, count: u32, into: u32): i32;
//@external("program", "writeSectors")
export declare function writeSectors(sector: u32, count: u32, from: u32): i32;
/** Everything written before is durable. */
//@external("program", "flushSectors")
export declare function flushSectors(): i32;

export function readBlocks(block: u32, count: u32, into: u32): i32 {
  return readSectors(block * SECTORS_PER_BLOCK, count * SECTORS_PER_BLOCK, into);
}

export function writeBlocks(block: u32, count: u32, from: u32): i32 {
  return writeSectors(block * SECTORS_PER_BLOCK, count * SECTORS_PER_BLOCK, from);
}
