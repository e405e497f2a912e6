/**
 * Tier 1: hot guest code becomes WebAssembly over the memory of the core.
 *
 *     sample       the interpreter has worked so many cycles, and is here: places where that happens often are hot,
 *                  and what is executed there is translated
 *     exited       regions often go on here in the interpreter: what is here is translated too
 *     overwritten  code that a region was made of is being written: all regions made of that line are dropped
 *     decoded      a line was decoded (again): its entries of regions are put in place
 *
 * Regions are a cache: they are no state, and nothing of the model depends on them. When and what is translated
 * depends on guest cycles alone. The oldest regions go when there are too many bytes of them.
 */
import * as Layout from '../../manual/core-layout.ts';
import { RAM_BASE } from '../../manual/memory-map.ts';
import * as Op from '../../manual/operations.ts';
import type { CoreInstance } from '../core-instance.ts';
import { emitRegion, encodeEntrance, IMPORTS, TYPES } from './emit.ts';
import { type Block, explore, PAGE, type Region } from './explore.ts';
import { CoreCode } from './guest-code.ts';
import { Hunt } from './hunt.ts';
import { ModuleKind } from './wasm.ts';

/** What the operator may want to know of it. */
export interface TranslatorStatistics {
  /** Regions at present, and all that were made. */
  readonly regions: number;
  readonly translations: number;
  /** Guest instructions and bytes of WebAssembly in the regions at present. */
  readonly guestInstructions: number;
  readonly bytes: number;
  /** Of the host, that translating has taken; 0 without its clock. */
  readonly milliseconds: number;
  /** Guest instructions that regions executed. */
  readonly executed: number;
}

export interface TranslatorOptions {
  /** Cycles of interpretation at a place before what is executed there is translated. */
  readonly after: number;
  readonly bytesMax: number;
  readonly hostClock: (() => number) | undefined;
}

interface Entry {
  readonly pa: number;
  readonly parameter: number;
}

interface Translated {
  readonly index: number;
  readonly size: number;
  readonly guestInstructions: number;
  readonly entries: readonly Entry[];
  /** Numbers of the lines of RAM that it was made of. */
  readonly lines: ReadonlySet<number>;
}

/** What a hart's options need not say. The tests have a setting that replaces it (test/translation.ts). */
export const TRANSLATION = { after: 1_048_576, bytes: 32 << 20 };
const PERIOD_MAX = 16_384;
const PERIODS = 16;
const GOLDEN_RATIO = 0.618_033_988_749;
const SHOW_CYCLES = 256;
/** An exit to the interpreter counts as much as so many cycles there, and is looked at when they have become many. */
const CYCLES_OF_EXIT = 128;
const EXITS = 2048;
/** A region of so many instructions costs its place another time what it waited for. */
const INSTRUCTIONS_PAID = 256;
/** Heat is halved whenever so many times what makes a place hot has come together. */
const COOLING = 64;
const LINE_SHIFT = 6;
const PAGE_SHIFT = 12;
/** Heat is counted for 256 bytes together: about a small function, so that much cold code never gets hot. */
const HEAT_SHIFT = 8;
const LINES_OF_PAGE = 64;

export class Translator {
  private readonly core: CoreInstance;
  private readonly code: CoreCode;
  private readonly kind: ModuleKind;
  /** Cycles between two samples, unless a seed is being hunted for. */
  private readonly period: number;
  /** Cycles of interpretation at a place before it is hot. */
  private readonly after: number;
  private readonly exitLimit: number;
  private readonly bytesMax: number;
  private readonly hostClock: () => number;
  /** Cycles of interpretation by place in RAM, less what its regions have cost to make. */
  private readonly heat: Float64Array;
  /** How often all heat was halved: by now, and when that of a place was last looked at. */
  private coolings = 0;
  private readonly cooled: Uint32Array;
  /** Since all heat was halved. */
  private heatSum = 0;
  /** Oldest first. */
  private readonly regions = new Set<Translated>();
  private readonly regionsOfPage = new Map<number, Set<Translated>>();
  /** The region that an address is the entry of, by physical address. */
  private readonly entries = new Map<number, { readonly region: Translated; readonly entry: Entry }>();
  /** Addresses from which code was explored since the last region was dropped. */
  private readonly tried = new Set<number>();
  private readonly freeIndices: number[] = [];
  private indexNext = 1;
  private hunt: Hunt | undefined;
  private phase = 0;
  private bytes = 0;
  private guestInstructions = 0;
  private translations = 0;
  private milliseconds = 0;

  constructor(core: CoreInstance, { after, bytesMax, hostClock }: TranslatorOptions) {
    this.bytesMax = bytesMax;
    this.hostClock = hostClock ?? (() => 0);
    this.core = core;
    this.code = new CoreCode(core);
    this.kind = new ModuleKind({ types: TYPES, imports: IMPORTS, memoryPages: core.memoryPages });
    this.period = Math.max(1, Math.min(PERIOD_MAX, Math.ceil(after / PERIODS)));
    this.after = after;
    this.heat = new Float64Array(core.ram.length >>> HEAT_SHIFT);
    this.cooled = new Uint32Array(this.heat.length);
    this.exitLimit = Math.ceil(after / EXITS);
    this.setPeriod(this.period);
    core.setWord(Layout.EXIT_LIMIT, this.exitLimit);
    core.exports.forgetJumps();
    core.enterFunction = core.instantiate(encodeEntrance());
  }

  get statistics(): TranslatorStatistics {
    return {
      regions: this.regions.size,
      translations: this.translations,
      guestInstructions: this.guestInstructions,
      bytes: this.bytes,
      milliseconds: this.milliseconds,
      executed: this.core.long(Layout.REGION_INSTRUCTIONS),
    };
  }

  sample(pc: number): void {
    if (this.hunt !== undefined) {
      this.goOnHunting(this.hunt, pc);
      return;
    }
    this.stagger();
    const pa = this.code.locate(pc);
    if (pa === undefined || !this.warm(pa, this.period)) return;
    if (this.period === 1) {
      this.translateFrom(pc);
      return;
    }
    this.hunt = new Hunt(this.code, pc, this.core.long(Layout.CYCLE));
    this.setPeriod(1);
  }

  exited(pc: number): void {
    const pa = this.code.locate(pc);
    if (pa !== undefined && this.warm(pa, this.exitLimit * CYCLES_OF_EXIT)) this.translateFrom(pc);
  }

  overwritten(pa: number): void {
    const line = pa >>> LINE_SHIFT;
    for (const region of [...(this.regionsOfPage.get(pa >>> PAGE_SHIFT) ?? [])]) {
      if (region.lines.has(line)) this.drop(region);
    }
  }

  decoded(pa: number): void {
    for (let at = pa & -64, end = at + 64; at !== end; at += 2) {
      const found = this.entries.get(at >>> 0);
      if (found !== undefined) this.core.exports.setEntry(at, found.region.index, found.entry.parameter);
    }
  }

  /** Samples come at uneven distances, lest they keep step with what the guest does again and again. */
  private stagger(): void {
    this.phase = (this.phase + GOLDEN_RATIO) % 1;
    this.core.setWord(Layout.CHUNK_LENGTH, Math.ceil(this.period * (0.5 + this.phase)));
  }

  /** Adds to the cycles that were spent at a place without a region; whether they are enough for another one. */
  private warm(pa: number, cycles: number): boolean {
    const place = placeOf(pa);
    this.heat[place] = this.heatAt(place) + cycles;
    this.heatSum += cycles;
    if (this.heatSum >= this.after * COOLING) {
      this.heatSum = 0;
      this.coolings += 1;
    }
    if (this.heat[place]! < this.after) return false;
    this.heat[place] = 0;
    return true;
  }

  /** What was executed long ago counts less: where work is spread over a great deal of code, none of it gets hot. */
  private heatAt(place: number): number {
    const halvings = this.coolings - this.cooled[place]!;
    this.cooled[place] = this.coolings;
    return this.heat[place]! / 2 ** halvings;
  }

  private goOnHunting(hunt: Hunt, pc: number): void {
    const seeds = hunt.step(pc, this.core.long(Layout.CYCLE));
    if (seeds === undefined) return;
    this.hunt = undefined;
    this.setPeriod(this.period);
    seeds.some(seed => this.translateFrom(seed));
  }

  private setPeriod(cycles: number): void {
    this.core.setWord(Layout.SAMPLE_PERIOD, cycles);
    this.core.setWord(Layout.CHUNK_LENGTH, cycles);
  }

  /** False where no region can or need begin at an address. */
  private translateFrom(seed: number): boolean {
    const pa = this.code.locate(seed);
    if (pa === undefined || this.entries.has(pa) || this.tried.has(pa) || !this.code.isDecoded(pa))
      return false;
    this.tried.add(pa);
    const before = this.hostClock();
    this.translate(seed);
    this.milliseconds += this.hostClock() - before;
    // A new region must have the cycles to show what it can before the next sample is taken.
    if (this.entries.has(pa)) this.core.setWord(Layout.CHUNK_LENGTH, Math.max(this.period, SHOW_CYCLES));
    return true;
  }

  private translate(seed: number): void {
    const explored = explore(seed, this.code);
    if (!explored.blocks.some(block => block.isEntry)) return;
    const index = this.freeIndices.pop() ?? this.indexNext++;
    const { locals, body, dispatched } = emitRegion(explored, index);
    const bytes = this.kind.encode(locals, body);
    this.core.setRegion(index, this.core.instantiate(bytes));
    this.translations += 1;
    this.keep(explored, index, bytes.length, dispatched);
    this.pay(this.code.locate(seed)!, explored);
    while (this.bytes > this.bytesMax && this.regions.size > 1)
      this.drop(this.regions.values().next().value!);
  }

  /** The place of a region waits longer for the next one the larger it was. */
  private pay(seed: number, { blocks }: Region): void {
    const count = blocks.reduce((sum, { instructions }) => sum + instructions.length, 0);
    const place = placeOf(seed);
    this.heat[place] = this.heatAt(place) - (this.after * count) / INSTRUCTIONS_PAID;
  }

  private keep({ blocks }: Region, index: number, size: number, dispatched: readonly Block[]): void {
    const entries = dispatched.flatMap((block, number): Entry[] => {
      const { pa, at, size: length } = block.instructions[0]!;
      const crosses = (pa & 63) + length > 64;
      if (!block.isEntry || crosses || this.entries.has(pa)) return [];
      return [{ pa, parameter: (at & -PAGE) | number }];
    });
    const region: Translated = {
      index,
      size,
      guestInstructions: blocks.reduce((sum, block) => sum + block.instructions.length, 0),
      entries,
      lines: linesOf(blocks),
    };
    this.regions.add(region);
    this.bytes += size;
    this.guestInstructions += region.guestInstructions;
    for (const page of pagesOf(region)) {
      const others = this.regionsOfPage.get(page);
      if (others === undefined) this.regionsOfPage.set(page, new Set([region]));
      else others.add(region);
    }
    for (const entry of entries) {
      this.entries.set(entry.pa, { region, entry });
      this.core.exports.setEntry(entry.pa, index, entry.parameter);
    }
    for (const page of pagesOf(region)) {
      const at = page - (RAM_BASE >>> PAGE_SHIFT);
      const [low, high, lowEntered, highEntered] = this.core.pageCode(at);
      const lines = [low!, high!];
      const entered = [lowEntered!, highEntered!];
      markRegion(region, page, lines, entered);
      this.core.setPageCode(at, [...lines, ...entered]);
    }
  }

  private drop(region: Translated): void {
    this.regions.delete(region);
    this.tried.clear();
    this.bytes -= region.size;
    this.guestInstructions -= region.guestInstructions;
    for (const { pa } of region.entries) {
      this.entries.delete(pa);
      this.core.exports.forgetLine(pa);
    }
    for (const page of pagesOf(region)) {
      this.regionsOfPage.get(page)!.delete(region);
      this.mark(page);
    }
    this.core.removeRegion(region.index);
    this.core.exports.forgetJumps();
    this.freeIndices.push(region.index);
  }

  /** Tells the core what lines of a page regions are made of, and which have entries. */
  private mark(page: number): void {
    const lines = [0, 0];
    const entered = [0, 0];
    for (const region of this.regionsOfPage.get(page) ?? []) markRegion(region, page, lines, entered);
    this.core.setPageCode(page - (RAM_BASE >>> PAGE_SHIFT), [...lines, ...entered]);
  }
}

function placeOf(pa: number): number {
  return (pa - RAM_BASE) >>> HEAT_SHIFT;
}

/** Sets the bits of a region's lines in a page, and of its lines with entries. */
function markRegion(region: Translated, page: number, lines: number[], entered: number[]): void {
  const set = (words: number[], line: number) => {
    if (Math.floor(line / LINES_OF_PAGE) === page) words[(line >> 5) & 1]! |= 1 << (line & 31);
  };
  for (const line of region.lines) set(lines, line);
  for (const { pa } of region.entries) set(entered, pa >>> LINE_SHIFT);
}

/** The lines of all instructions, and of those behind loads, which decide about a stall. */
function linesOf(blocks: readonly Block[]): Set<number> {
  const lines = new Set<number>();
  for (const { instructions } of blocks) {
    for (const { pa, size, operation } of instructions) {
      const last = isLoad(operation) ? Math.min(pa + size + 3, (pa | (PAGE - 1)) >>> 0) : pa + size - 1;
      for (let line = pa >>> LINE_SHIFT; line <= last >>> LINE_SHIFT; line++) lines.add(line);
    }
  }
  return lines;
}

function isLoad(operation: number): boolean {
  return (operation >= Op.LW_2 && operation <= Op.LBU) || operation === Op.AMO;
}

function pagesOf({ lines }: Translated): Set<number> {
  return new Set([...lines].map(line => Math.floor(line / LINES_OF_PAGE)));
}
