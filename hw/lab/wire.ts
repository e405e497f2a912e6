/**
 * A wire: two directions, each with its own rate, delay and misfortunes.
 *
 * A direction has two halves. The `Outlet` stands where frames enter: it queues, serialises, and draws
 * every misfortune from the direction's own random stream. The `Inlet` stands where they arrive: it
 * holds what is on its way, drops what the frame check catches, and sees the far end's light. Nothing
 * else passes between the halves, so that they may live in different threads.
 *
 *     transmit(frame, at) ─→ Outlet ── Arrival {time, sequence} ─→ Inlet ─→ take()
 *
 *     start    = max(at, end of the frame before)
 *     end      = start + (preamble + max(frame, 60) + frame check + gap) · 8 / rate, rounded up
 *     arrival  = end + delay + jitter, never before the arrival of an earlier frame unless reordered
 *
 * No frame vanishes unaccounted (`check` of the tests):
 *     sent + duplicated = delivered + lost + damaged + cut + unheard + overflowed + oversized + under way
 */
import {
  FRAME_CHECK_SIZE,
  FRAME_SIZE_MAX,
  FRAME_SIZE_MIN,
  INTER_FRAME_GAP,
  PREAMBLE_SIZE,
  WIRE_DELAY_DEFAULT_NS,
  WIRE_RATE_DEFAULT,
} from '../manual/ethernet.ts';
import type { Stateful, StatePort } from '../state.ts';
import type { Random } from './random.ts';

/** Chances are in millionths. A change holds for the frames handed over from then on. */
export interface DirectionSettings {
  /** Bits a second. */
  readonly rate: number;
  readonly delayNs: number;
  /** Up to this much is added to each frame's delay. */
  readonly jitterNs: number;
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  /** A reordered frame is held back by 1 … reorderNs and later ones overtake it. */
  readonly reorderPpm: number;
  readonly reorderNs: number;
  /** Bits flip and the receiver's frame check catches it. */
  readonly damagePpm: number;
  /** Bits flip and the frame check does not. */
  readonly corruptPpm: number;
  /** Frames that may wait for the wire; the next one is dropped. */
  readonly queueFrames: number;
  /** Nothing passes, what is on its way is lost, and both ends see the carrier go. */
  readonly cut: boolean;
}

export const DIRECTION_DEFAULT: DirectionSettings = {
  rate: WIRE_RATE_DEFAULT,
  delayNs: WIRE_DELAY_DEFAULT_NS,
  jitterNs: 0,
  lossPpm: 0,
  duplicatePpm: 0,
  reorderPpm: 0,
  reorderNs: 50_000,
  damagePpm: 0,
  corruptPpm: 0,
  queueFrames: 128,
  cut: false,
};

/** What befalls exactly the frame with this sequence number, whatever the chances say. */
export interface Strike {
  readonly sequence: number;
  readonly what: 'drop' | 'damage' | 'corrupt' | 'duplicate';
}

export interface FrameArrival {
  readonly kind: 'frame';
  readonly time: number;
  readonly sequence: number;
  readonly frame: Uint8Array;
  /** The frame check will catch it. */
  readonly damaged: boolean;
}

/** The far end's transmitter went on or off. */
export interface LightArrival {
  readonly kind: 'light';
  readonly time: number;
  readonly sequence: number;
  readonly level: boolean;
}

/** Whether the transmitter at a direction's beginning is on. */
export type Light = 'lit' | 'dark';

export type Arrival = FrameArrival | LightArrival;

export type Fate = 'sent' | 'lost' | 'cut' | 'damaged' | 'corrupted' | 'duplicated';

/** Told of every frame that reaches the wire, at the sender's end, when its first bit goes out. */
export type Tap = (time: number, frame: Uint8Array, fate: Fate) => void;

/** Nothing a receiver can see leaves a direction sooner than this after it was handed over. */
export function latencyMinNs(settings: DirectionSettings): number {
  return settings.delayNs + serialisationNs(FRAME_SIZE_MIN, settings.rate);
}

/** How long the wire is busy with a frame, all that 802.3 puts around it included. */
export function serialisationNs(frameSize: number, rate: number): number {
  const bytes = PREAMBLE_SIZE + Math.max(frameSize, FRAME_SIZE_MIN) + FRAME_CHECK_SIZE + INTER_FRAME_GAP;
  return Math.ceil((bytes * 8 * 1_000_000_000) / rate);
}

/** The name of what a setting breaks, or undefined where all is well. */
export function settingsFault(settings: DirectionSettings): string | undefined {
  for (const [name, value] of Object.entries(settings)) {
    if (name === 'cut') continue;
    if (!Number.isSafeInteger(value) || value < 0) return `${name} is ${value}: give a whole number from 0`;
    if (name.endsWith('Ppm') && value > MILLION) return `${name} is ${value}: give millionths, 0 to 1000000`;
  }
  if (settings.rate < 1000) return `rate is ${settings.rate}: give at least 1000 bits a second`;
  if (settings.rate > 400_000_000_000)
    return `rate is ${settings.rate}: give at most 400000000000 bits a second`;
  if (settings.queueFrames < 1) return 'queueFrames is 0: give at least 1';
  if (settings.reorderNs < 1) return 'reorderNs is 0: give at least 1';
  return undefined;
}

/** The sending half of a direction. */
export class Outlet implements Stateful {
  tap: Tap | undefined;
  private settingsNow: DirectionSettings;
  private readonly random: Random;
  /** When frames that still wait for the wire will begin; ascending. */
  private waiting: number[] = [];
  private busyUntil = 0;
  private lastArrival = 0;
  private arrivals = 0;
  private strikes: Strike[] = [];
  private light: boolean;

  sent = 0;
  duplicated = 0;
  lost = 0;
  cut = 0;
  overflowed = 0;
  oversized = 0;

  constructor(settings: DirectionSettings, random: Random, light: Light = 'lit') {
    this.settingsNow = settings;
    this.random = random;
    this.light = light === 'lit';
  }

  get settings(): DirectionSettings {
    return this.settingsNow;
  }

  configure(settings: DirectionSettings): void {
    const fault = settingsFault(settings);
    if (fault !== undefined) throw new Error(`a wire's ${fault}`);
    this.settingsNow = settings;
  }

  /** When the wire will be free for another frame, as far as is known. */
  get freeAt(): number {
    return this.busyUntil;
  }

  strike(strike: Strike): void {
    this.strikes.push(strike);
  }

  /** What the far end will see of a frame handed over at `at`, which never runs backwards. */
  transmit(frame: Uint8Array, at: number): Arrival[] {
    const settings = this.settingsNow;
    const struck = this.takeStrike(this.sent);
    this.sent += 1;
    if (frame.length > FRAME_SIZE_MAX) {
      this.oversized += 1;
      return [];
    }
    while (this.waiting.length > 0 && this.waiting[0]! <= at) this.waiting.shift();
    if (this.waiting.length >= settings.queueFrames) {
      this.overflowed += 1;
      return [];
    }
    const start = Math.max(at, this.busyUntil);
    if (start > at) this.waiting.push(start);
    this.busyUntil = start + serialisationNs(frame.length, settings.rate);
    const fate = settings.cut ? 'cut' : (struck ?? this.drawFate());
    return this.depart(frame.slice(), start, fate);
  }

  /** The transmitter at this end goes on or off; undefined where it was so already. */
  shine(level: boolean, at: number): LightArrival | undefined {
    if (level === this.light) return undefined;
    this.light = level;
    return { kind: 'light', time: at + latencyMinNs(this.settingsNow), sequence: this.arrivals++, level };
  }

  state(port: StatePort): void {
    this.random.state(port);
    this.waiting = port.list(this.waiting, start => port.integer(start ?? 0));
    this.busyUntil = port.integer(this.busyUntil);
    this.lastArrival = port.integer(this.lastArrival);
    this.arrivals = port.integer(this.arrivals);
    this.strikes = port.list(this.strikes, strike => strikeState(port, strike));
    this.light = port.flag(this.light);
    this.sent = port.integer(this.sent);
    this.duplicated = port.integer(this.duplicated);
    this.lost = port.integer(this.lost);
    this.cut = port.integer(this.cut);
    this.overflowed = port.integer(this.overflowed);
    this.oversized = port.integer(this.oversized);
  }

  private drawFate(): Fate {
    const { lossPpm, damagePpm, corruptPpm, duplicatePpm } = this.settingsNow;
    if (this.random.chance(lossPpm, MILLION)) return 'lost';
    if (this.random.chance(damagePpm, MILLION)) return 'damaged';
    if (this.random.chance(corruptPpm, MILLION)) return 'corrupted';
    return this.random.chance(duplicatePpm, MILLION) ? 'duplicated' : 'sent';
  }

  private depart(frame: Uint8Array, start: number, fate: Fate): Arrival[] {
    if (fate === 'damaged' || fate === 'corrupted') this.flipBits(frame);
    this.tap?.(start, frame, fate);
    switch (fate) {
      case 'lost':
        this.lost += 1;
        return [];
      case 'cut':
        this.cut += 1;
        return [];
      case 'duplicated': {
        const first = this.arrive(frame, fate);
        this.duplicated += 1;
        this.busyUntil += serialisationNs(frame.length, this.settingsNow.rate);
        return [first, this.arrive(frame.slice(), fate)];
      }
      case 'sent':
      case 'corrupted':
      case 'damaged':
        return [this.arrive(frame, fate)];
    }
  }

  /** When a frame that leaves the wire free at `busyUntil` is wholly at the far end. */
  private arrive(frame: Uint8Array, fate: Fate): FrameArrival {
    const { delayNs, jitterNs, reorderPpm, reorderNs } = this.settingsNow;
    let time = this.busyUntil + delayNs;
    if (jitterNs > 0) time += this.random.below(jitterNs + 1);
    if (this.random.chance(reorderPpm, MILLION)) {
      time += 1 + this.random.below(reorderNs);
    } else {
      time = Math.max(time, this.lastArrival);
      this.lastArrival = time;
    }
    return { kind: 'frame', time, sequence: this.arrivals++, frame, damaged: fate === 'damaged' };
  }

  /** A burst of one to three bits somewhere in the frame. */
  private flipBits(frame: Uint8Array): void {
    if (frame.length === 0) return;
    const first = this.random.below(frame.length * 8);
    const end = Math.min(first + 1 + this.random.below(3), frame.length * 8);
    for (let bit = first; bit < end; bit += 1) frame[bit >>> 3]! ^= 1 << (bit & 7);
  }

  private takeStrike(sequence: number): Fate | undefined {
    const at = this.strikes.findIndex(strike => strike.sequence === sequence);
    if (at < 0) return undefined;
    return FATE_OF_STRIKE[this.strikes.splice(at, 1)[0]!.what];
  }
}

/** The receiving half of a direction. */
export class Inlet implements Stateful {
  /** Ascending by time, then by sequence. */
  private underWay: Arrival[] = [];
  private farLight: boolean;

  delivered = 0;
  damaged = 0;
  cut = 0;
  /** Arrived at a station without power. */
  unheard = 0;

  constructor(farLight: Light = 'lit') {
    this.farLight = farLight === 'lit';
  }

  /** When the next arrival is due; Infinity where nothing is under way. */
  get nextTime(): number {
    return this.underWay.length === 0 ? Number.POSITIVE_INFINITY : this.underWay[0]!.time;
  }

  /** Whether the far end's transmitter is on, as seen here. */
  get light(): boolean {
    return this.farLight;
  }

  get framesUnderWay(): number {
    return this.underWay.filter(arrival => arrival.kind === 'frame').length;
  }

  push(arrival: Arrival): void {
    let at = this.underWay.length;
    while (at > 0 && isBefore(arrival, this.underWay[at - 1]!)) at -= 1;
    this.underWay.splice(at, 0, arrival);
  }

  /**
   * Takes the next arrival. A frame that the frame check refuses, or that reaches a `deaf` station, is
   * counted and gives undefined.
   */
  take(receiver: 'listening' | 'deaf'): Arrival | undefined {
    const arrival = this.underWay.shift();
    if (arrival === undefined) return undefined;
    if (arrival.kind === 'light') {
      this.farLight = arrival.level;
      return arrival;
    }
    if (arrival.damaged) {
      this.damaged += 1;
      return undefined;
    }
    if (receiver === 'deaf') {
      this.unheard += 1;
      return undefined;
    }
    this.delivered += 1;
    return arrival;
  }

  /** Loses the frames that are on their way; the light is a level and is merely seen later. */
  sever(): void {
    const lights = this.underWay.filter(arrival => arrival.kind === 'light');
    this.cut += this.underWay.length - lights.length;
    this.underWay = lights;
  }

  state(port: StatePort): void {
    this.underWay = port.list(this.underWay, arrival => arrivalState(port, arrival));
    this.farLight = port.flag(this.farLight);
    this.delivered = port.integer(this.delivered);
    this.damaged = port.integer(this.damaged);
    this.cut = port.integer(this.cut);
    this.unheard = port.integer(this.unheard);
  }
}

const MILLION = 1_000_000;

const FATE_OF_STRIKE: Readonly<Record<Strike['what'], Fate>> = {
  drop: 'lost',
  damage: 'damaged',
  corrupt: 'corrupted',
  duplicate: 'duplicated',
};

function isBefore(one: Arrival, other: Arrival): boolean {
  return one.time === other.time ? one.sequence < other.sequence : one.time < other.time;
}

const NO_FRAME: FrameArrival = {
  kind: 'frame',
  time: 0,
  sequence: 0,
  frame: new Uint8Array(0),
  damaged: false,
};

function arrivalState(port: StatePort, arrival: Arrival = NO_FRAME): Arrival {
  const isFrame = port.flag(arrival.kind === 'frame');
  const time = port.integer(arrival.time);
  const sequence = port.integer(arrival.sequence);
  if (!isFrame) {
    return { kind: 'light', time, sequence, level: port.flag(arrival.kind === 'light' && arrival.level) };
  }
  const { frame, damaged } = arrival.kind === 'frame' ? arrival : NO_FRAME;
  return { kind: 'frame', time, sequence, frame: port.blob(frame), damaged: port.flag(damaged) };
}

function strikeState(port: StatePort, strike: Strike = { sequence: 0, what: 'drop' }): Strike {
  const sequence = port.integer(strike.sequence);
  const what = port.text(strike.what) as Strike['what'];
  return { sequence, what };
}

/** A direction's settings are state, because scripts change them while the cluster runs. */
export function settingsState(port: StatePort, settings: DirectionSettings): DirectionSettings {
  return {
    rate: port.integer(settings.rate),
    delayNs: port.integer(settings.delayNs),
    jitterNs: port.integer(settings.jitterNs),
    lossPpm: port.u32(settings.lossPpm),
    duplicatePpm: port.u32(settings.duplicatePpm),
    reorderPpm: port.u32(settings.reorderPpm),
    reorderNs: port.integer(settings.reorderNs),
    damagePpm: port.u32(settings.damagePpm),
    corruptPpm: port.u32(settings.corruptPpm),
    queueFrames: port.integer(settings.queueFrames),
    cut: port.flag(settings.cut),
  };
}
