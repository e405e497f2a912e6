/**
 * Breakpoints and watchpoints that GDB has set: Z0 and Z1 (both the hart's own; no instruction in RAM is
 * replaced), Z2 write, Z3 read, Z4 access. Setting twice is setting once, as the protocol wants.
 */
import type { Hart } from '../../cpu/hart.ts';
import { WATCHPOINTS_MAX } from '../../manual/core-layout.ts';
import { numberOfHex } from './packet.ts';

type WatchKind = 'write' | 'read' | 'access';

interface Point {
  readonly type: string;
  readonly address: number;
  readonly size: number;
}

const WATCH_KINDS: Readonly<Record<string, WatchKind>> = { 2: 'write', 3: 'read', 4: 'access' };

/** The longest stretch one watchpoint may cover, bytes. */
const WATCH_SIZE_MAX = 4096;

/** As many as the hart has of the scarcer kind. */
const POINTS_MAX = WATCHPOINTS_MAX;

export class Points {
  private readonly hart: Hart;
  private readonly set = new Map<string, Point>();

  constructor(hart: Hart) {
    this.hart = hart;
  }

  /** `Z` or `z` with its parameters; '' for a type that does not exist. */
  command(letter: string, parameters: string): string {
    const [type = '', addressText = '', sizeText = ''] = parameters.split(';')[0]!.split(',');
    if (!/^[0-4]$/.test(type)) return '';
    const address = numberOfHex(addressText);
    const size = numberOfHex(sizeText);
    if (address === undefined || size === undefined) return 'E01';
    const point = { type: type === '1' ? '0' : type, address, size };
    if (WATCH_KINDS[type] !== undefined && (size === 0 || size > WATCH_SIZE_MAX)) return 'E22';
    if (letter === 'Z' && this.set.size >= POINTS_MAX) return 'E1c';
    if (letter === 'Z') this.insert(parameters, point);
    else this.remove(parameters);
    return 'OK';
  }

  clear(): void {
    for (const key of [...this.set.keys()]) this.remove(key);
  }

  /** How a stop at the watched address is told: the kind that was set there. */
  watchName(address: number): string {
    for (const point of this.set.values()) {
      const kind = WATCH_KINDS[point.type];
      if (kind === undefined || address + 4 <= point.address || address >= point.address + point.size)
        continue;
      return { write: 'watch', read: 'rwatch', access: 'awatch' }[kind];
    }
    return 'watch';
  }

  private insert(key: string, point: Point): void {
    if (this.set.has(key)) return;
    const kind = WATCH_KINDS[point.type];
    if (kind === undefined) this.hart.setBreakpoint(point.address);
    else this.hart.setWatchpoint(point.address, point.size, kind);
    this.set.set(key, point);
  }

  private remove(key: string): void {
    const point = this.set.get(key);
    if (point === undefined) return;
    this.set.delete(key);
    const twin = [...this.set.values()].some(
      other => other.type === point.type && other.address === point.address && other.size === point.size,
    );
    const kind = WATCH_KINDS[point.type];
    if (kind !== undefined) {
      if (!twin) this.hart.clearWatchpoint(point.address, point.size, kind);
    } else if (![...this.set.values()].some(other => other.type === '0' && other.address === point.address)) {
      this.hart.clearBreakpoint(point.address);
    }
  }
}
