/**
 * Carrying out an intervention on one board (hw/lab/fault.ts says which there are).
 *
 * `refusal` says beforehand why it cannot be done to that board; what it lets pass, `intervene` does. A
 * board without power hears no keys and has no registers to flip; its disks can be damaged all the same.
 * Frames come in by nodes that are outside, and only by those.
 */
import type { Board } from '../board.ts';
import type { Disk } from '../device/disk.ts';
import type { BoardIntervention, DiskIntervention, Intervention } from './fault.ts';
import { Outside } from './outside.ts';
import type { Station } from './station.ts';

/** What touches a station by itself, and not by way of the cluster's clock. */
export type StationIntervention = Exclude<BoardIntervention, { readonly do: 'freeze' }> | DiskIntervention;

export function isBoard(station: Station): station is Board {
  return 'hart' in station;
}

export function refusal(station: Station, intervention: Intervention): string | undefined {
  if (isForAnyStation(intervention)) return undefined;
  if (intervention.do === 'frame') return frameRefusal(station, intervention.nic);
  if (!isBoard(station)) return `${station.name} is no board: ${intervention.do} cannot touch it`;
  if (!('disk' in intervention)) return undefined;
  const disk = station.disks[intervention.disk];
  if (disk === undefined)
    return `${station.name} has no disk ${intervention.disk}: it has ${station.disks.length}`;
  const { sectors } = disk.medium;
  const end =
    'sector' in intervention ? intervention.sector + ('count' in intervention ? intervention.count : 1) : 0;
  return end > sectors
    ? `disk ${intervention.disk} of ${station.name} has ${sectors} sectors: stay below`
    : undefined;
}

function frameRefusal(station: Station, nic: number): string | undefined {
  if (!(station instanceof Outside)) return `${station.name} is not outside: no frame can come in there`;
  return nic < station.nics.length
    ? undefined
    : `${station.name} has no interface ${nic}: it has ${station.nics.length}`;
}

/** The board stands at the time at which this is done. */
export function intervene(station: Station, intervention: StationIntervention): void {
  switch (intervention.do) {
    case 'power-off':
      station.powerOff();
      break;
    case 'power-on':
      station.powerOn();
      break;
    case 'reset':
      station.reset();
      break;
    case 'frame':
      if (!(station instanceof Outside)) throw new Error(refusal(station, intervention));
      station.send(intervention.nic, bytesOf(intervention.bytes));
      break;
    default:
      if (!isBoard(station)) throw new Error(refusal(station, intervention));
      if ('disk' in intervention) damageDisk(diskOf(station, intervention), intervention);
      else touchBoard(station, intervention);
  }
}

type BoardOnly = Exclude<
  BoardIntervention,
  { readonly do: 'frame' | 'freeze' | 'power-off' | 'power-on' | 'reset' }
>;

function touchBoard(board: Board, intervention: BoardOnly): void {
  switch (intervention.do) {
    case 'type':
      if (board.power === 'on') board.uart.receive(new TextEncoder().encode(intervention.text));
      break;
    case 'flip-ram': {
      const byte = board.ram.read(intervention.address, 1);
      if (byte !== undefined)
        board.ram.write(intervention.address, Uint8Array.of(byte[0]! ^ (1 << intervention.bit)));
      break;
    }
    case 'flip-register': {
      const value = board.hart.readRegister(intervention.register);
      board.hart.writeRegister(intervention.register, (value ^ (1 << intervention.bit)) >>> 0);
      break;
    }
    case 'clock':
      board.setClockHz(roundedHertz(intervention.hertz));
      break;
    case 'drift':
      board.setClockHz(roundedHertz(board.clockHz + (board.clockHz * intervention.ppm) / 1_000_000));
      break;
    case 'lose-interrupt':
      board.plic.loseNext(intervention.source);
      break;
    case 'spurious-interrupt':
      board.plic.raiseSpurious(intervention.source);
      break;
  }
}

function damageDisk(disk: Disk, intervention: DiskIntervention): void {
  switch (intervention.do) {
    case 'disk-latent':
      disk.medium.fault({ kind: 'latent', sector: intervention.sector, count: intervention.count });
      break;
    case 'disk-corrupt':
      disk.medium.fault({ kind: 'corrupt', sector: intervention.sector });
      break;
    case 'disk-lost':
      disk.medium.fault({ kind: 'lost' });
      break;
    case 'disk-torn':
      disk.medium.fault({ kind: 'torn' });
      break;
    case 'disk-misdirected':
      disk.medium.fault({ kind: 'misdirected', by: intervention.by });
      break;
    case 'disk-slow':
      disk.setSlowness(intervention.factor);
      break;
    case 'disk-hang':
      disk.hang();
      break;
    case 'disk-resume':
      disk.resume();
      break;
  }
}

function diskOf(board: Board, intervention: DiskIntervention): Disk {
  const disk = board.disks[intervention.disk];
  if (disk === undefined) throw new Error(refusal(board, intervention));
  return disk;
}

function isForAnyStation(intervention: Intervention): boolean {
  return ['power-off', 'power-on', 'reset', 'freeze', 'wire', 'strike'].includes(intervention.do);
}

/** What base64 stands for. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), character => character.charCodeAt(0));
}

/** A board's clock is a multiple of 100 Hz. */
function roundedHertz(hertz: number): number {
  return Math.round(hertz / 100) * 100;
}
