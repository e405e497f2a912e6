/**
 * A station whose program is a stream of chance: it computes in steps of uneven length, sends, sleeps on
 * a timer, and answers some of what it hears. It keeps the rules of hw/lab/station.ts the way a board
 * does: it stops only between steps, past the time asked for, and right after handing over a frame; led on, right
 * before.
 *
 * `heard` digests every arrival with its time, so that two runs that differ anywhere differ in state.
 */
import { Random } from '../../hw/lab/random.ts';
import type { Leader, Plug, Socket, StationStop } from '../../hw/lab/station.ts';
import { restoreState, type StatePort, saveState } from '../../hw/state.ts';

interface Pending {
  readonly at: number;
  readonly port: number;
  readonly frame: Uint8Array;
}

export interface Manner {
  /** A step takes so long, up to six times. */
  readonly stepNs: number;
  /** A frame is begun after one step in so many. */
  readonly sendEvery: number;
  /** A nap is begun after one step in so many. */
  readonly sleepEvery: number;
  readonly napNs: number;
}

export class ScriptedStation implements Leader {
  readonly name: string;
  readonly nics: readonly Socket[];
  readonly mayStop = false;
  awakeSince = 0;
  now = 0;
  power: 'on' | 'off' = 'on';
  slices = 0;
  received = 0;
  readonly carriers: boolean[];
  private readonly manner: Manner;
  private readonly random: Random;
  private readonly plugs: Plug[] = [];
  private pending: Pending[] = [];
  private wakeAt = 0;
  private heard = 0;
  private steps = 0;
  private marked: Uint8Array | undefined;

  constructor(name: string, ports: number, manner: Manner, seed = 1) {
    this.name = name;
    this.manner = manner;
    this.random = new Random(seed).stream(name);
    this.carriers = new Array<boolean>(ports).fill(false);
    this.nics = this.carriers.map((_, port) => ({
      attach: plug => {
        this.plugs[port] = plug;
        this.carriers[port] = plug.carrier;
      },
      receive: (frame, at) => this.hear(port, frame, at),
      setCarrier: level => void (this.carriers[port] = level),
    }));
  }

  get nextEvent(): number {
    if (this.power === 'off') return Number.POSITIVE_INFINITY;
    const next = Math.min(this.wakeAt, this.pending[0]?.at ?? Number.POSITIVE_INFINITY);
    return Math.max(next, Math.min(this.now, next));
  }

  runUntil(ns: number): StationStop {
    this.slices += 1;
    for (;;) {
      const due = this.pending[0];
      if (this.power === 'on' && due !== undefined && due.at <= this.now) {
        if (this.marked !== undefined) return 'held';
        this.pending.shift();
        this.plugs[due.port]!.transmit(due.frame, due.at);
        return 'frame';
      }
      if (this.now >= ns) return 'time';
      if (this.power === 'off') this.now = ns;
      else if (this.wakeAt > this.now) this.now = this.awakeSince = ceilTo10(Math.min(ns, this.nextEvent));
      else this.compute();
    }
  }

  get leadsUntil(): number {
    if (this.power === 'off') return 0;
    return this.pending[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  mark(): void {
    this.marked = saveState(this);
  }

  lead(ns: number): number {
    return this.runUntil(ns) === 'held' ? this.pending[0]!.at : ns;
  }

  keep(): void {
    this.marked = undefined;
  }

  retract(): void {
    const marked = this.marked!;
    this.marked = undefined;
    restoreState(this, marked);
  }

  leap(ns: number): void {
    this.now = Math.max(this.now, ns);
    this.wakeAt = Math.max(this.wakeAt, this.now);
  }

  powerOn(): void {
    this.power = 'on';
    this.wakeAt = this.now;
  }

  powerOff(): void {
    this.power = 'off';
    this.pending = [];
  }

  reset(): void {
    this.wakeAt = this.now;
    this.pending = [];
  }

  /** Hands `frame` to a wire at the time given, which has not come yet. */
  schedule(port: number, frame: Uint8Array, at: number): void {
    this.pending.push({ at, port, frame });
    this.pending.sort((a, b) => a.at - b.at);
  }

  state(port: StatePort): void {
    this.random.state(port);
    this.now = port.integer(this.now);
    this.power = port.flag(this.power === 'on') ? 'on' : 'off';
    this.wakeAt = port.integer(this.wakeAt);
    this.heard = port.u32(this.heard);
    this.received = port.integer(this.received);
    this.steps = port.integer(this.steps);
    this.pending = port.list(this.pending, pending => ({
      at: port.integer(pending?.at ?? 0),
      port: port.u32(pending?.port ?? 0),
      frame: port.blob(pending?.frame ?? new Uint8Array(0)),
    }));
    this.carriers.forEach((level, at) => void (this.carriers[at] = port.flag(level)));
  }

  private compute(): void {
    this.now += this.manner.stepNs * (1 + this.random.below(6));
    this.steps += 1;
    this.wakeAt = this.now;
    if (this.plugs.length > 0 && this.random.chance(1, this.manner.sendEvery)) {
      const frame = new Uint8Array(14 + this.random.below(400));
      this.random.fill(frame);
      frame.set([
        2,
        0,
        0,
        0,
        0,
        this.random.below(8),
        2,
        0,
        0,
        0,
        0,
        this.name.charCodeAt(this.name.length - 1) & 7,
      ]);
      this.schedule(this.random.below(this.plugs.length), frame, this.now + this.random.below(900));
    }
    if (this.random.chance(1, this.manner.sleepEvery))
      this.wakeAt = this.now + this.random.below(this.manner.napNs);
  }

  private hear(port: number, frame: Uint8Array, at: number): void {
    this.received += 1;
    for (const byte of [port, at & 0xff, at >>> 8, this.now & 0xff, ...frame]) {
      this.heard = (Math.imul(this.heard ^ byte, 0x0100_0193) + this.steps) >>> 0;
    }
    this.wakeAt = Math.min(this.wakeAt, at + 200);
    if (frame.length < 150) this.schedule(port, frame.slice(0, 60), at + 300 + this.random.below(500));
  }
}

export const BUSY: Manner = { stepNs: 10, sendEvery: 40, sleepEvery: 1_000_000, napNs: 1 };
export const SELDOM: Manner = { stepNs: 100, sendEvery: 40_000, sleepEvery: 1_000_000, napNs: 400_000 };
export const DROWSY: Manner = { stepNs: 10, sendEvery: 10, sleepEvery: 8, napNs: 40_000 };
export const QUIET: Manner = { stepNs: 10, sendEvery: 2 ** 32, sleepEvery: 1, napNs: 1_000_000 };
export const ASLEEP: Manner = { stepNs: 10, sendEvery: 1_000_000, sleepEvery: 1, napNs: 10_000_000 };

function ceilTo10(ns: number): number {
  return Math.ceil(ns / 10) * 10;
}
