/**
 * One computer: a hart with its RAM, the devices of QEMU's `virt` machine around it, and the loop that
 * runs both in step.
 *
 *     const board = new Board({ name: 'node 0', seed: 1, images: { firmware } }, core);
 *     board.powerOn();
 *     while (board.power === 'on') board.runUntil(board.now + 1_000_000);
 *
 * Time is nanoseconds of the cluster's clock. The hart counts cycles; between two anchors they are the
 * same thing in two units (hw/board-clock.ts). A device states a deadline; the hart runs to the earliest
 * one, and an access that brings a deadline forward stops it at once. While the hart sleeps in `wfi`, the
 * board jumps from event to event.
 *
 *     runUntil(ns) ─→ hart.run(cycle of the earliest deadline) ⇄ devices by address (hw/bus)
 *                  └→ device.advance(now) ─→ PLIC / CLINT lines ─→ hart.setInterrupt
 *
 * Devices that are due act at the first instruction boundary at or after their deadline, in the order of
 * their addresses: the same however a run is cut into slices.
 */
import { clockFault, clockOf, cycleOfNs, isStretched, nsOfCycle, reanchored } from './board-clock.ts';
import { type BootImages, type BootPlan, planBoot } from './boot-plan.ts';
import { BootRom } from './boot-rom.ts';
import { Bus } from './bus/bus.ts';
import type { AccessSize, Device, Line, Ram, Wiring } from './bus/device.ts';
import { type BoardClock, Hart, type InterruptLine } from './cpu/hart.ts';
import { Clint } from './device/clint.ts';
import { Disk } from './device/disk.ts';
import { Entropy } from './device/entropy.ts';
import { Nic } from './device/nic.ts';
import { Plic } from './device/plic.ts';
import { Power, type PowerRequest } from './device/power.ts';
import { Rtc } from './device/rtc.ts';
import { Uart, type UartOptions } from './device/uart.ts';
import { devicetree } from './devicetree.ts';
import type { Medium } from './lab/medium.ts';
import { Random } from './lab/random.ts';
import type { Leader, StationStop } from './lab/station.ts';
import * as map from './manual/memory-map.ts';
import { CACHE_SIZE, CACHE_WAYS, TLB_ENTRIES } from './manual/timing.ts';
import { restoreState, type StatePort, saveState } from './state.ts';
import { VirtioSlots } from './virtio-slots.ts';

/** What differs from board to board. What is left out is DESIGN's default. */
export interface BoardDescription {
  readonly name: string;
  /** All chance on the board comes from it and the name: 0 … 2^53 - 1. */
  readonly seed: number;
  readonly images: BootImages;
  /** The kernel's command line. */
  readonly commandLine?: string;
  readonly clockHz?: number;
  readonly ramSize?: number;
  readonly cacheSize?: number;
  readonly cacheWays?: number;
  readonly tlbEntries?: number;
  /** Speed of the host alone: see HartOptions. */
  readonly translateAfter?: number;
  readonly translationBytes?: number;
  readonly hostClock?: () => number;
  /** Who sets the A and D bits of page-table entries; hardware unless stated. */
  readonly adBits?: 'hardware' | 'fault';
  /** How fast the serial line is; see hw/manual/uart.ts. `divisor` unless stated. */
  readonly serialLine?: UartOptions['line'];
  /** The date when the cluster's clock is 0, nanoseconds since 1970. */
  readonly epochNs?: bigint;
  /** In the order of their slots; a medium belongs to one board. */
  readonly drives?: readonly DriveDescription[];
  /** At most four, in the slots after the drives. */
  readonly nics?: readonly NicDescription[];
}

export interface NicDescription {
  /** Six bytes; drawn from the seed where left out. */
  readonly mac?: Uint8Array;
  /** NIC_MTU_DEFAULT where left out. */
  readonly mtu?: number;
}

export interface DriveDescription {
  readonly medium: Medium;
  /** What the drive answers when asked who it is, at most 20 characters of ASCII. */
  readonly serial: string;
}

export type BoardStop = StationStop;

/** Why a board is off: software switched it off with this status, or somebody pulled the plug. */
export type PowerOff = { readonly by: 'guest'; readonly status: number } | { readonly by: 'outside' };

/**
 * What the guest has sent over its serial line; `at` is when the character was complete, `index` how many there were
 * before.
 */
export type SerialListener = (byte: number, at: number, index: number) => void;

/** What a board that was marked will need, whether it is kept or put back. */
interface Mark {
  readonly state: Uint8Array;
  /** What it has said since. */
  readonly said: Parameters<SerialListener>[];
}

const RAM_SIZE_MAX = 0x4000_0000;
const RAM_SIZE_MIN = 0x10_0000;
const NICS_MAX = 4;
const PAGE = 4096;
const RNG_SEED_SIZE = 32;
/** What a description need not say. */
const DEFAULTS = {
  commandLine: '',
  clockHz: map.CLOCK_HZ_DEFAULT,
  ramSize: map.RAM_SIZE_DEFAULT,
  cacheSize: CACHE_SIZE,
  cacheWays: CACHE_WAYS,
  tlbEntries: TLB_ENTRIES,
  adBits: 'hardware',
  serialLine: 'divisor',
  /** The beginning of 2026. */
  epochNs: 1_767_225_600_000_000_000n,
  drives: [],
  nics: [],
} as const;

type CompleteDescription = BoardDescription & Required<Pick<BoardDescription, keyof typeof DEFAULTS>>;

export class Board implements Leader {
  readonly name: string;
  readonly hart: Hart;
  readonly uart: Uart;
  readonly plic: Plic;
  /** Ordered by address. */
  readonly devices: readonly Device[];
  /** Those that have deadlines, in the same order. */
  private readonly timed: readonly Device[];
  readonly nics: readonly Nic[];
  readonly disks: readonly Disk[];
  /** Where the images are, and the symbols of those that have some. */
  readonly plan: BootPlan;
  readonly clockHz: number;

  private readonly rom: BootRom;
  private readonly bus: Bus;
  private readonly serialListeners: SerialListener[] = [];
  private clock: BoardClock;
  private isOn = false;
  private whyOff: PowerOff | undefined;
  /** The time while the board is off. */
  private offNow = 0;
  /** What the guest asked of the power device and the board has not done yet. */
  private request: PowerRequest | undefined;
  private frameSent = false;
  /** No later than the earliest deadline of all devices, as long as none is reached from outside. */
  private earliest = Number.POSITIVE_INFINITY;
  /** The hart is executing: devices are being reached from inside `hart.run`. */
  private inHart = false;
  /** Nothing of the model depends on it. */
  awakeSince = 0;
  /** While the board may still be put back. */
  private marked: Mark | undefined;

  /** Throws an error of one line where the description cannot be built. */
  constructor(description: BoardDescription, core: WebAssembly.Module) {
    const complete = { ...DEFAULTS, ...description };
    const { ramSize, clockHz, cacheSize, cacheWays, tlbEntries, adBits, commandLine } = complete;
    check(complete);
    this.name = complete.name;
    this.clockHz = clockHz;
    const random = new Random(complete.seed).stream(`board ${complete.name}`);
    const rngSeed = new Uint8Array(RNG_SEED_SIZE);
    random.stream('rng-seed').fill(rngSeed);
    const facts = { ramSize, clockHz, cacheSize, cacheWays, tlbEntries, commandLine, rngSeed };
    this.plan = planBoot(complete.images, ramSize, initrd => devicetree({ ...facts, initrd }));

    const bus = {
      read: (pa: number, size: AccessSize) => this.busRead(pa, size),
      write: (pa: number, size: AccessSize, value: number) => this.busWrite(pa, size, value),
    };
    const { translateAfter, translationBytes, hostClock } = description;
    const hart = { core, ramSize, clockHz, adBits, cacheSize, cacheWays, tlbEntries, bus };
    this.hart = new Hart({ ...hart, translateAfter, translationBytes, hostClock });
    this.clock = clockOf(this.clockHz, 0, 0);
    this.hart.setClock(this.clock);

    this.plic = new Plic([this.interrupt('meip'), this.interrupt('seip')]);
    this.uart = new Uart(this.wiring(map.UART_IRQ), {
      line: complete.serialLine,
      transmit: (byte, at) => this.serialSent(byte, at),
    });
    const slots = new VirtioSlots(slot => this.wiring(map.VIRTIO_IRQ + slot));
    this.disks = complete.drives.map((drive, index) =>
      slots.add(wiring => new Disk(wiring, { name: `disk ${index}`, ...drive })),
    );
    this.nics = complete.nics.map((nic, index) => {
      const mac = nic.mac ?? drawMac(random.stream(`mac ${index}`));
      const sent = () => this.frameLeft();
      return slots.add(wiring => new Nic(wiring, { ...nic, name: `nic ${index}`, mac, sent }));
    });
    slots.addLast(wiring => new Entropy(wiring, { name: 'entropy', random: random.stream('entropy') }));
    const rtc = new Rtc(this.wiring(map.RTC_IRQ), { epochNs: complete.epochNs });
    this.rom = new BootRom(this.plan.vector);
    this.bus = new Bus([
      { base: map.BOOT_ROM_BASE, size: map.BOOT_ROM_SIZE, device: this.rom },
      { base: map.POWER_BASE, size: map.POWER_SIZE, device: this.makePower() },
      { base: map.RTC_BASE, size: map.RTC_SIZE, device: rtc },
      { base: map.CLINT_BASE, size: map.CLINT_SIZE, device: this.makeClint() },
      { base: map.PLIC_BASE, size: map.PLIC_SIZE, device: this.plic },
      { base: map.UART_BASE, size: map.UART_SIZE, device: this.uart },
      ...slots.mappings(),
    ]);
    this.devices = this.bus.mappings.map(mapping => mapping.device);
    this.timed = this.devices.filter(device => !Object.hasOwn(device, 'deadline'));
  }

  get ram(): Ram {
    return this.hart.ram;
  }

  get power(): 'on' | 'off' {
    return this.isOn ? 'on' : 'off';
  }

  /** Why it is off; undefined while it is on, and before it was first switched on. */
  get poweredOff(): PowerOff | undefined {
    return this.whyOff;
  }

  get now(): number {
    return this.isOn ? nsOfCycle(this.clock, this.hart.cycle) : this.offNow;
  }

  get nextEvent(): number {
    if (!this.isOn) return Number.POSITIVE_INFINITY;
    if (this.hart.awake || this.request !== undefined) return this.now;
    const timerCycle = this.hart.timerCycle;
    const timer = timerCycle === Number.POSITIVE_INFINITY ? timerCycle : nsOfCycle(this.clock, timerCycle);
    return Math.max(this.now, Math.min(timer, this.earliestDeadline()));
  }

  /** Told of every character that the guest sends over its serial line. */
  onSerial(listener: SerialListener): void {
    this.serialListeners.push(listener);
  }

  runUntil(ns: number): BoardStop {
    while (this.isOn) {
      this.moveAnchor();
      const goal = cycleOfNs(this.clock, ns);
      const stop = this.runTo(goal);
      if (stop !== 'time' || this.now >= ns) return stop;
    }
    this.offNow = Math.max(this.offNow, ns);
    return 'off';
  }

  /** The same, to the first instruction boundary at or after the cycle. */
  runUntilCycle(cycle: number): BoardStop {
    return this.isOn ? this.runTo(cycle) : 'off';
  }

  get mayStop(): boolean {
    return this.hart.isWatched;
  }

  get leadsUntil(): number {
    return this.isOn && this.request === undefined ? this.outwardDeadline() : 0;
  }

  mark(): void {
    this.marked = { state: saveState(this), said: [] };
    this.hart.markMemory();
  }

  lead(ns: number): number {
    if (this.runUntil(ns) === 'time') return ns;
    return this.request === undefined ? this.outwardDeadline() : this.now;
  }

  keep(): void {
    const { said } = this.marked!;
    this.marked = undefined;
    for (const character of said) this.tell(character);
  }

  retract(): void {
    const { state } = this.marked!;
    this.marked = undefined;
    this.request = undefined;
    this.hart.putBackMemory();
    restoreState(this, state);
    this.awakeSince = this.now;
  }

  /**
   * Runs exactly one instruction, after whatever sleep comes before it; where an interrupt is pending,
   * its trap is taken instead. A board that nothing on it will ever wake stays where it is.
   */
  step(): BoardStop {
    while (this.isOn && !this.hart.awake) {
      const event = this.nextEvent;
      if (event === Number.POSITIVE_INFINITY) return 'time';
      const stop = this.runUntil(event);
      if (stop !== 'time') return stop;
    }
    return this.runUntilCycle(this.hart.cycle + 1);
  }

  /** The first cycle at or after a time; where that is far away perhaps an earlier one. */
  cycleAt(ns: number): number {
    return cycleOfNs(this.clock, ns);
  }

  /**
   * Memory as the hart would reach it now, without effects: RAM and boot ROM. Undefined where there is
   * something else, or nothing.
   */
  inspect(va: number, size: number): Uint8Array | undefined {
    const inRam = this.hart.readMemory(va, size);
    if (inRam !== undefined) return inRam;
    const pa = this.hart.translate(va, 'execute');
    return pa === undefined ? undefined : this.rom.bytes(pa - map.BOOT_ROM_BASE, size);
  }

  /** RAM is zero, the images are in it, and the hart is at the boot ROM's first instruction. */
  powerOn(): void {
    if (this.isOn) return;
    this.clock = clockOf(this.currentHz(), this.hart.cycle, this.offNow);
    this.hart.setClock(this.clock);
    this.isOn = true;
    this.whyOff = undefined;
    this.clearRam();
    this.start();
  }

  /** Pulls the plug. */
  powerOff(): void {
    if (this.isOn) this.turnOff({ by: 'outside' });
  }

  /** The reset button: hart and devices begin anew, the images are loaded again, other RAM stays. */
  reset(): void {
    if (this.isOn) this.start();
  }

  /** The clock's frequency from now on, for drift and slow processors. */
  setClockHz(hertz: number): void {
    const fault = clockFault(hertz);
    if (fault !== undefined) throw new Error(fault);
    this.clock = clockOf(hertz, this.hart.cycle, this.now);
    this.hart.setClock(this.clock);
  }

  /** Lets time pass without the board: at `ns` it goes on from where it stands. */
  leap(ns: number): void {
    if (this.isOn) {
      this.clock = clockOf(this.currentHz(), this.hart.cycle, Math.max(this.now, ns));
      this.hart.setClock(this.clock);
    } else {
      this.offNow = Math.max(this.offNow, ns);
    }
  }

  /** Everything but the contents of RAM, which travel by page, and of drives. */
  state(port: StatePort): void {
    this.clock = reanchored(this.clock, this.hart.cycle);
    this.clock = {
      anchorCycle: port.integer(this.clock.anchorCycle),
      anchorNs: port.integer(this.clock.anchorNs),
      numerator: port.integer(this.clock.numerator),
      denominator: port.integer(this.clock.denominator),
    };
    this.hart.setClock(this.clock);
    this.hart.state(port);
    this.isOn = port.flag(this.isOn);
    this.offNow = port.integer(this.offNow);
    this.whyOff = powerOffState(port, this.whyOff);
    for (const device of this.devices) device.state(port);
  }

  private wiring(irq: number): Wiring {
    return { now: () => this.now, irq: this.plic.source(irq), ram: this.ram };
  }

  private makeClint(): Clint {
    return new Clint({
      now: () => this.now,
      msip: this.interrupt('msip'),
      mtip: this.interrupt('mtip'),
      offsetChanged: ticks => {
        this.hart.timeOffset = ticks;
      },
    });
  }

  private makePower(): Power {
    return new Power(request => {
      this.request = request;
      if (this.inHart) this.hart.stop();
    });
  }

  private start(): void {
    this.request = undefined;
    this.frameSent = false;
    for (const device of this.devices) device.reset();
    for (const { address, bytes } of this.plan.placements) this.ram.write(address, bytes);
    this.hart.reset(map.BOOT_ROM_BASE, 0, 0);
  }

  private turnOff(why: PowerOff): void {
    this.offNow = this.now;
    this.isOn = false;
    this.whyOff = why;
    this.request = undefined;
    for (const disk of this.disks) disk.losePower();
  }

  private runTo(goalCycle: number): BoardStop {
    const { hart } = this;
    this.earliest = this.earliestDeadline();
    for (;;) {
      if (this.marked !== undefined && (this.request !== undefined || this.now >= this.outwardDeadline()))
        return 'held';
      if (this.now >= this.earliest) this.advanceDevices();
      if (this.request !== undefined) {
        this.doRequest();
        if (!this.isOn) return 'off';
        this.advanceDevices();
      }
      if (!this.isOn) return 'off';
      if (this.frameSent) {
        this.frameSent = false;
        return 'frame';
      }
      if (hart.cycle >= goalCycle) return 'time';
      this.moveAnchor();
      const target = Math.min(goalCycle, cycleOfNs(this.clock, this.earliest));
      this.inHart = true;
      const reason = hart.run(target);
      this.inHart = false;
      if (reason === 'wfi') {
        hart.skipTo(Math.max(hart.cycle, Math.min(target, hart.timerCycle)));
        this.awakeSince = this.now;
      } else if (reason === 'breakpoint' || reason === 'watchpoint') return reason;
    }
  }

  /** When the next thing is due that the outside would notice: a frame sent, a medium read or written. */
  private outwardDeadline(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const disk of this.disks) earliest = Math.min(earliest, disk.deadline);
    for (const nic of this.nics) earliest = Math.min(earliest, nic.outwardDeadline);
    return earliest;
  }

  private advanceDevices(): void {
    const now = this.now;
    let earliest = Number.POSITIVE_INFINITY;
    for (const device of this.timed) {
      if (device.deadline <= now) device.advance(now);
      earliest = Math.min(earliest, device.deadline);
    }
    this.earliest = earliest;
  }

  private earliestDeadline(): number {
    let earliest = Number.POSITIVE_INFINITY;
    for (const device of this.timed) earliest = Math.min(earliest, device.deadline);
    return earliest;
  }

  private doRequest(): void {
    const request = this.request!;
    this.request = undefined;
    if (request.kind === 'reset') this.start();
    else this.turnOff({ by: 'guest', status: request.status });
  }

  private busRead(pa: number, size: AccessSize): number | undefined {
    const mapping = this.bus.find(pa, size);
    if (mapping === undefined) return undefined;
    const value = mapping.device.read(pa - mapping.base, size);
    this.mindDeadline(mapping.device);
    return value;
  }

  private busWrite(pa: number, size: AccessSize, value: number): boolean {
    const mapping = this.bus.find(pa, size);
    const accepted = mapping !== undefined && this.bus.write(pa, size, value);
    if (accepted) this.mindDeadline(mapping.device);
    return accepted;
  }

  /** An access that made something due earlier ends the run, so that the loop aims afresh. */
  private mindDeadline(device: Device): void {
    const { deadline } = device;
    if (deadline >= this.earliest) return;
    this.earliest = deadline;
    if (this.inHart) this.hart.stop();
  }

  private frameLeft(): void {
    this.frameSent = true;
    if (this.inHart) this.hart.stop();
  }

  private serialSent(byte: number, at: number): void {
    const character: Parameters<SerialListener> = [byte, at, this.uart.sent - 1];
    if (this.marked === undefined) this.tell(character);
    else this.marked.said.push(character);
  }

  private tell(character: Parameters<SerialListener>): void {
    for (const listener of this.serialListeners) listener(...character);
  }

  private interrupt(line: InterruptLine): Line {
    return { set: level => this.hart.setInterrupt(line, level) };
  }

  private clearRam(): void {
    const zeros = new Uint8Array(PAGE);
    for (let at = map.RAM_BASE; at < map.RAM_BASE + this.ram.size; at += PAGE) {
      if (!isZero(this.ram.read(at, PAGE)!)) this.ram.write(at, zeros);
    }
  }

  private currentHz(): number {
    return (1_000_000_000 / this.clock.numerator) * this.clock.denominator;
  }

  private moveAnchor(): void {
    if (!isStretched(this.clock, this.hart.cycle)) return;
    this.clock = reanchored(this.clock, this.hart.cycle);
    this.hart.setClock(this.clock);
  }
}

/** Six bytes of an address that is locally administered, of one station (IEEE 802, 8.4). */
function drawMac(random: Random): Uint8Array {
  const mac = new Uint8Array(6);
  random.fill(mac);
  mac[0] = (mac[0]! & 0xfc) | 2;
  return mac;
}

function isZero(page: Uint8Array): boolean {
  const words = new Int32Array(page.buffer, page.byteOffset, page.length / 4);
  for (let at = 0; at < words.length; at += 1) if (words[at] !== 0) return false;
  return true;
}

function check({ ramSize, clockHz, nics }: CompleteDescription): void {
  if (ramSize % PAGE !== 0 || ramSize < RAM_SIZE_MIN || ramSize > RAM_SIZE_MAX)
    throw new Error(`${ramSize} bytes of RAM are not possible: give a multiple of 4096 from 1 MiB to 1 GiB`);
  const fault = clockFault(clockHz);
  if (fault !== undefined) throw new Error(fault);
  if (nics.length > NICS_MAX)
    throw new Error(`a board has at most ${NICS_MAX} network interfaces: take some out`);
}

function powerOffState(port: StatePort, why: PowerOff | undefined): PowerOff | undefined {
  const kind = port.u32(why === undefined ? 0 : why.by === 'guest' ? 1 : 2);
  const status = port.u32(why?.by === 'guest' ? why.status : 0);
  if (kind === 0) return undefined;
  return kind === 1 ? { by: 'guest', status } : { by: 'outside' };
}
