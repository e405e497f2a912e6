/**
 * A section while it is being written: items in order, and how long each becomes.
 *
 *     bytes    contents with fixups: places whose bits wait for a symbol's value
 *     zeros    a count of zero bytes
 *     align    padding to a boundary
 *     choice   a jump, call or branch with several forms, shortest first
 *
 * Every choice begins in its shortest form and only ever grows (`settle`), until every target within
 * the section is in reach; so the layout comes to rest. A choice whose target is elsewhere takes the
 * form that the linker can complete.
 */

import { fieldRange } from '../../hw/cpu/fields.ts';
import { FIELDS } from '../../hw/manual/isa.ts';
import type { RelocationKind, Section } from '../object.ts';
import type { Expression, Value } from './expression.ts';
import { type Place, SourceFault } from './source-error.ts';

/** What a fixup writes: a relocation's bits, data of another size, or one field of an instruction. */
export type FixupKind = RelocationKind | 'data8' | 'data16' | 'data64' | { readonly field: string };

export interface Fixup {
  /** Bytes from the item's beginning. */
  readonly offset: number;
  readonly kind: FixupKind;
  readonly expression: Expression;
}

/** One form of a jump, call or branch: its words and the relocation in one of them. */
export interface Form {
  readonly bytes: readonly number[];
  readonly kind: RelocationKind;
  readonly offset: number;
}

type Item =
  | { readonly kind: 'bytes'; readonly bytes: number[]; readonly fixups: Fixup[] }
  | { readonly kind: 'zeros'; readonly count: number }
  | {
      readonly kind: 'align';
      readonly boundary: number;
      /** Undefined: no-operations in text, zeros elsewhere. */
      readonly fill: number | undefined;
      /** With more padding than this, none. */
      readonly paddingMax: number;
      padding: number;
    }
  | {
      readonly kind: 'choice';
      readonly forms: readonly Form[];
      readonly target: Expression;
      chosen: number;
    };

/** Where a label stands: before the byte `offset` of the item `index`. */
export interface Position {
  readonly section: SectionBuilder;
  readonly index: number;
  readonly offset: number;
}

interface SourceMark {
  readonly position: Position;
  readonly place: Place;
}

/** A section larger than this is a mistake. */
const SECTION_SIZE_MAX = 0x1000_0000;
const NOP = 0x0000_0013;
const NOP_SHORT = 0x0001;

export class SectionBuilder {
  readonly name: string;
  readonly access: Section['access'];
  /** Without contents in the file: .bss. */
  readonly isBss: boolean;
  alignment = 1;
  private readonly items: Item[] = [];
  private readonly starts: number[] = [];
  private readonly marks: SourceMark[] = [];
  private sizeFixed = 0;

  constructor(name: string, access: Section['access'], isBss: boolean) {
    this.name = name;
    this.access = access;
    this.isBss = isBss;
  }

  /** Where the next byte will be. */
  get end(): Position {
    const last = this.items.at(-1);
    if (last?.kind !== 'bytes') return { section: this, index: this.items.length, offset: 0 };
    return { section: this, index: this.items.length - 1, offset: last.bytes.length };
  }

  append(bytes: readonly number[], place: Place, fixups: readonly Omit<Fixup, 'offset'>[] = []): void {
    if (this.isBss && (fixups.length > 0 || bytes.some(byte => byte !== 0))) {
      throw new SourceFault(place, `${this.name} holds zeros only: put this into .data or .rodata`);
    }
    let last = this.items.at(-1);
    if (last?.kind !== 'bytes') {
      last = { kind: 'bytes', bytes: [], fixups: [] };
      this.items.push(last);
    }
    for (const fixup of fixups) last.fixups.push({ ...fixup, offset: last.bytes.length });
    for (const byte of bytes) last.bytes.push(byte);
    this.grow(bytes.length, place);
  }

  appendZeros(count: number, place: Place): void {
    this.items.push({ kind: 'zeros', count });
    this.grow(count, place);
  }

  appendChoice(forms: readonly Form[], target: Expression): void {
    if (this.isBss)
      throw new SourceFault(target, `${this.name} holds zeros only: instructions go into .text`);
    this.items.push({ kind: 'choice', forms, target, chosen: 0 });
    this.grow(8, target);
  }

  align(boundary: number, fill: number | undefined, paddingMax: number): void {
    this.alignment = Math.max(this.alignment, boundary);
    this.items.push({ kind: 'align', boundary, fill, paddingMax, padding: 0 });
  }

  /** What is appended next comes from this place of the source. */
  markSource(place: Place): void {
    this.marks.push({ position: this.end, place });
  }

  /**
   * Fixes the form of every choice. `value` gives targets in this section as constants on its beginning;
   * targets that are numbers are near or far where the section's address is known.
   */
  settle(value: (target: Expression) => Value, address: number | undefined): void {
    for (let changed = true; changed; ) {
      changed = false;
      this.place();
      this.items.forEach((item, index) => {
        if (item.kind !== 'choice') return;
        const wanted = this.formFor(item, this.starts[index] ?? 0, value(item.target), address);
        if (wanted <= item.chosen) return;
        item.chosen = wanted;
        changed = true;
      });
    }
  }

  /** Offset of a position, once settled; while settling, by the forms so far. */
  offsetOf(position: Position): number {
    return (this.starts[position.index] ?? this.size) + position.offset;
  }

  /** Bytes, once settled. */
  get size(): number {
    return this.starts[this.items.length] ?? 0;
  }

  /** Contents before fixups, and the fixups with their offsets in the section, once settled. */
  contents(): { readonly bytes: Uint8Array; readonly fixups: readonly Fixup[] } {
    const bytes = new Uint8Array(this.isBss ? 0 : this.size);
    const fixups: Fixup[] = [];
    this.items.forEach((item, index) => {
      const start = this.starts[index] ?? 0;
      switch (item.kind) {
        case 'bytes':
          if (!this.isBss) bytes.set(item.bytes, start);
          for (const fixup of item.fixups) fixups.push({ ...fixup, offset: start + fixup.offset });
          break;
        case 'align':
          if (!this.isBss) bytes.set(this.padding(item), start);
          break;
        case 'choice': {
          const form = item.forms[item.chosen]!;
          bytes.set(form.bytes, start);
          fixups.push({ offset: start + form.offset, kind: form.kind, expression: item.target });
          break;
        }
        case 'zeros':
          break;
      }
    });
    return { bytes, fixups };
  }

  /** Source places by offset, ascending, once settled. */
  lines(): readonly (Place & { readonly offset: number })[] {
    return this.marks.map(({ position, place }) => ({
      offset: this.offsetOf(position),
      line: place.line,
      column: place.column,
    }));
  }

  private grow(size: number, place: Place): void {
    this.sizeFixed += size;
    if (this.sizeFixed > SECTION_SIZE_MAX) {
      throw new SourceFault(place, `${this.name} grows beyond ${SECTION_SIZE_MAX} bytes: reserve less`);
    }
  }

  private place(): void {
    let at = 0;
    this.items.forEach((item, index) => {
      this.starts[index] = at;
      if (item.kind === 'align') {
        const wanted = -at & (item.boundary - 1);
        item.padding = wanted > item.paddingMax ? 0 : wanted;
      }
      at += this.itemSize(item);
    });
    this.starts[this.items.length] = at;
  }

  private itemSize(item: Item): number {
    switch (item.kind) {
      case 'bytes':
        return item.bytes.length;
      case 'zeros':
        return item.count;
      case 'align':
        return item.padding;
      case 'choice':
        return item.forms[item.chosen]!.bytes.length;
    }
  }

  private formFor(
    { forms }: Item & { kind: 'choice' },
    start: number,
    target: Value,
    address: number | undefined,
  ): number {
    const last = forms.length - 1;
    if (target.base === undefined && address === undefined) {
      return forms.findIndex(({ bytes }) => bytes.length === 4);
    }
    if (target.base !== this && target.base !== undefined) return last;
    const here = start + (target.base === undefined ? address! : 0);
    const form = forms.findIndex(({ kind, offset }) =>
      reaches(kind, Number(target.constant) - here - offset),
    );
    return form < 0 ? last : form;
  }

  private padding(item: Item & { kind: 'align' }): Uint8Array {
    const bytes = new Uint8Array(item.padding).fill(item.fill ?? 0);
    if (item.fill !== undefined || this.access !== 'rx') return bytes;
    const view = new DataView(bytes.buffer);
    let at = item.padding % 2;
    if ((item.padding - at) % 4 === 2) {
      view.setUint16(at, NOP_SHORT, true);
      at += 2;
    }
    for (; at < item.padding; at += 4) view.setUint32(at, NOP, true);
    return bytes;
  }
}

/** The instruction field that a pc-relative relocation of one instruction fills. */
export const DISTANCE_FIELDS: Readonly<Partial<Record<RelocationKind, string>>> = {
  BRANCH: 'immB',
  JAL: 'immJ',
  RVC_BRANCH: 'immCB',
  RVC_JUMP: 'immCJ',
};

function reaches(kind: RelocationKind, distance: number): boolean {
  const field = FIELDS[DISTANCE_FIELDS[kind] ?? ''];
  if (field === undefined) return true;
  const { least, most } = fieldRange(field);
  return distance >= least && distance <= most;
}
