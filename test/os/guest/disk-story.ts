/**
 * A first process that starts the disk's driver and uses the disk: short and long transfers, from and to
 * places that are not at the beginning of a page, and what has to be refused. Prints what it was answered.
 */
import { VIRTIO_ID_BLOCK } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL, INIT_SPACE } from '../../../os/abi/layout.ts';
import { RIGHT_READ, RIGHT_WRITE } from '../../../os/abi/rights.ts';
import * as block from '../../../os/proto/block.client.ts';
import type { Geometry } from '../../../os/proto/block.ts';
import { createMemory, map, reset } from '../../../os/runtime/system.ts';
import { type Device, startDriver, virtioDevice } from './driving.ts';
import { say, sayNumber } from './say.ts';

const BUFFER: u32 = 0x2000_0000;
const PAGES: u32 = 128;
const OTHER: u32 = BUFFER + (PAGES << 11);
/** Not at the beginning of a page, nor of a word. */
const ODD: u32 = 1999;
const LONG_SECTORS: u32 = 300;

const deviceBytes = memory.data(64, 4);
const geometryBytes = memory.data(16, 4);

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_BLOCK);
  startDriver(device, 'disk');
  map(INIT_SPACE, BUFFER, createMemory(PAGES), 0, PAGES, RIGHT_READ | RIGHT_WRITE);
  const port = device.port;
  const geometry = changetype<Geometry>(geometryBytes);
  say('geometry ');
  sayNumber(block.geometry(port, geometry));
  sayNumber(geometry.sectors);
  sayNumber(geometry.isReadOnly);
  say('\nfirst ');
  sayNumber(block.read(port, 0, BUFFER, 512));
  sayNumber(load<u8>(BUFFER));
  transfers(port);
  refusals(port, geometry.sectors);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

function transfers(port: u32): void {
  say('\ntransfers ');
  fill(BUFFER + ODD, LONG_SECTORS * 512, 1);
  sayNumber(block.write(port, 7, BUFFER + ODD, 512));
  sayNumber(block.write(port, 100, BUFFER + ODD, LONG_SECTORS * 512));
  sayNumber(block.flush(port));
  sayNumber(block.read(port, 100, OTHER, LONG_SECTORS * 512));
  sayNumber(memory.compare(BUFFER + ODD, OTHER, LONG_SECTORS * 512));
  sayNumber(block.read(port, 7, OTHER, 1024));
  sayNumber(memory.compare(BUFFER + ODD, OTHER, 512));
}

function refusals(port: u32, sectors: u32): void {
  say('\nrefusals ');
  sayNumber(block.read(port, 0, OTHER, 511));
  sayNumber(block.read(port, 0, OTHER, 0));
  sayNumber(block.read(port, sectors, OTHER, 512));
  sayNumber(block.write(port, sectors - 1, OTHER, 1024));
  sayNumber(block.read(port, 0xffff_ffff, OTHER, 1024));
  sayNumber(block.read(port, 0, 0x4000_0000, 512));
  sayNumber(block.write(port, 0, 0x1f00_0000, 512));
  sayNumber(block.read(port, sectors - 1, OTHER, 512));
}

function fill(address: u32, size: u32, seed: u32): void {
  let state = seed;
  for (let at: u32 = 0; at < size; at += 1) {
    state = state * 1_103_515_245 + 12_345;
    store<u8>(address + at, state >> 16);
  }
}
