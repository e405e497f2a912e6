/**
 * A first process that starts the network card's driver and talks to a neighbour at 10.0.2.2: who are you, and
 * echoes of packets of many sizes, several under way at a time. Prints what it got.
 */
import { VIRTIO_ID_NET } from '../../../hw/manual/virtio.ts';
import { INIT_CONTROL } from '../../../os/abi/layout.ts';
import * as nic from '../../../os/proto/nic.client.ts';
import type { Station } from '../../../os/proto/nic.ts';
import { reset } from '../../../os/runtime/system.ts';
import { type Device, endDriver, startDriver, virtioDevice } from './driving.ts';
import { say, sayNumber } from './say.ts';

const ARP_SIZE: u32 = 42;
const HEADERS: u32 = 42;
const OWN: u32 = 0x0f02_000a;
const NEIGHBOUR: u32 = 0x0202_000a;
const FRAME_MAX: u32 = 1514;
const BURSTS: u32 = 20;
const BURST: u32 = 6;

const deviceBytes = memory.data(64, 4);
const stationBytes = memory.data(16, 4);
const frame = memory.data(2048, 4);
const answer = memory.data(2048, 4);
let port: u32 = 0;

export function main(_argument: u32): i32 {
  const device = changetype<Device>(deviceBytes);
  virtioDevice(device, VIRTIO_ID_NET);
  startDriver(device, 'nic');
  port = device.port;
  const station = changetype<Station>(stationBytes);
  say('describe ');
  sayNumber(nic.describe(port, station));
  sayNumber(station.addressLow & 0xff);
  sayNumber(station.frameMax);
  sayNumber(station.isUp);
  say('\nneighbour ');
  sayNumber(askNeighbour());
  say('\nechoes ');
  sayNumber(echoes());
  endDriver(device);
  startDriver(device, 'nic');
  say('\nagain ');
  sayNumber(askNeighbour());
  refusals(station.frameMax);
  say('\n');
  return reset(INIT_CONTROL, 0, 0);
}

/** ARP (RFC 826). → the kind of the answer: 2. The neighbour's address stays in the frame. */
function askNeighbour(): u32 {
  memory.fill(frame, 0xff, 6);
  putOwnAddress(frame + 6);
  store<u16>(frame, 0x0608, 12);
  store<u32>(frame, 0x0008_0100, 14);
  store<u32>(frame, 0x0100_0406, 18);
  putOwnAddress(frame + 22);
  store<u32>(frame, OWN, 28);
  memory.fill(frame + 32, 0, 6);
  store<u32>(frame, NEIGHBOUR, 38);
  assert(nic.send(port, frame, ARP_SIZE) === 0);
  do {
    assert(nic.receive(port, answer, 2048) > 0);
  } while (load<u16>(answer, 12) !== 0x0608);
  memory.copy(frame, answer + 6, 6);
  return load<u8>(answer, 21);
}

/** Echo requests (RFC 792) of many sizes; their answers come in the same order. → how many came back whole. */
function echoes(): u32 {
  let whole: u32 = 0;
  for (let burst: u32 = 0; burst < BURSTS; burst += 1) {
    for (let index: u32 = 0; index < BURST; index += 1) {
      const size = sizeOf(burst, index);
      makeEcho(size, burst * BURST + index);
      assert(nic.send(port, frame, size) === 0);
    }
    for (let index: u32 = 0; index < BURST; index += 1) {
      const size = sizeOf(burst, index);
      makeEcho(size, burst * BURST + index);
      const got: u32 = nic.receive(port, answer, 2048);
      const same = memory.compare(frame + HEADERS, answer + HEADERS, size - HEADERS) === 0;
      if (got === size && same && load<u16>(frame, 40) === load<u16>(answer, 40)) whole += 1;
    }
  }
  return whole;
}

function sizeOf(burst: u32, index: u32): u32 {
  return 60 + ((burst * 389 + index * 613) % (FRAME_MAX - 59));
}

function makeEcho(size: u32, number: u32): void {
  putOwnAddress(frame + 6);
  store<u16>(frame, 0x0008, 12);
  memory.fill(frame + 14, 0, HEADERS - 14);
  store<u8>(frame, 0x45, 14);
  putBig(16, size - 14);
  store<u8>(frame, 64, 22);
  store<u8>(frame, 1, 23);
  store<u32>(frame, OWN, 26);
  store<u32>(frame, NEIGHBOUR, 30);
  putBig(24, checksum(14, 20));
  store<u8>(frame, 8, 34);
  putBig(40, number);
  for (let at = HEADERS; at < size; at += 1) store<u8>(frame + at, at * 7 + number);
  putBig(36, checksum(34, size - 34));
}

function checksum(from: u32, size: u32): u32 {
  let sum: u32 = 0;
  for (let at: u32 = 0; at < size; at += 1) {
    const byte: u32 = load<u8>(frame + from + at);
    sum += (at & 1) === 0 ? byte << 8 : byte;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum ^ 0xffff;
}

function putBig(at: u32, value: u32): void {
  store<u8>(frame + at, value >> 8);
  store<u8>(frame + at, value, 1);
}

function putOwnAddress(at: u32): void {
  const station = changetype<Station>(stationBytes);
  store<u32>(at, station.addressLow);
  store<u16>(at, station.addressHigh, 4);
}

function refusals(frameMax: u32): void {
  say('\nrefusals ');
  sayNumber(nic.send(port, frame, 13));
  sayNumber(nic.send(port, frame, frameMax + 1));
  makeEcho(200, 1);
  nic.send(port, frame, 200);
  sayNumber(nic.receive(port, answer, 100));
  sayNumber(nic.receive(port, answer, 2048));
}
