/**
 * What the volume is on: the disk, by calls to its driver, or where there is none a piece of this process's own
 * memory, which is gone with the power. Exported as the block device of device.ts.
 */
import { ERROR_BAD_ARGUMENT } from '../../abi/errors.ts';
import * as block from '../../proto/block.client.ts';
import { type Geometry, SECTOR_SIZE } from '../../proto/block.ts';
import { SECTORS_PER_BLOCK } from './format.ts';

const MEMORY_BLOCKS: u32 = 256;
const disk = memory.data(1048576, 4096);
const geometryBytes = memory.data(8, 4);

/** The driver's port; 0: in memory. */
let port: u32 = 0;

/** Uses the driver's disk: how many blocks it has, or an error. */
export function useDisk(driver: u32): i32 {
  const geometry = changetype<Geometry>(geometryBytes);
  const status = block.geometry(driver, geometry);
  if (status < 0) return status;
  port = driver;
  return geometry.sectors / SECTORS_PER_BLOCK;
}

export function isDiskReadOnly(): bool {
  return port !== 0 && changetype<Geometry>(geometryBytes).isReadOnly !== 0;
}

/** Uses memory, which is blank at first: how many blocks. */
export function useMemoryAsDisk(): u32 {
  port = 0;
  return MEMORY_BLOCKS;
}

export function readSectors(sector: u32, count: u32, into: u32): i32 {
  if (port !== 0) return min<i32>(0, block.read(port, sector, into, count * SECTOR_SIZE));
  if (!isInside(sector, count)) return ERROR_BAD_ARGUMENT;
  memory.copy(into, disk + sector * SECTOR_SIZE, count * SECTOR_SIZE);
  return 0;
}

export function writeSectors(sector: u32, count: u32, from: u32): i32 {
  if (port !== 0) return min<i32>(0, block.write(port, sector, from, count * SECTOR_SIZE));
  if (!isInside(sector, count)) return ERROR_BAD_ARGUMENT;
  memory.copy(disk + sector * SECTOR_SIZE, from, count * SECTOR_SIZE);
  return 0;
}

export function flushSectors(): i32 {
  return port === 0 ? 0 : block.flush(port);
}

function isInside(sector: u32, count: u32): bool {
  const sectors = MEMORY_BLOCKS * SECTORS_PER_BLOCK;
  return sector <= sectors && count <= sectors - sector;
}
