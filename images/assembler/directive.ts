/**
 * The directives, by name, as GNU as has them.
 *
 *     .text .data .rodata .bss .section NAME[, "awx"[, @nobits]]     where what follows goes
 *     .global .globl .local .type .size                              what a symbol is
 *     .equ .set NAME, VALUE (also NAME = VALUE)                      constants
 *     .byte .half .word .dword .ascii .asciz .zero .space .fill      data
 *     .align .p2align POWER[, FILL[, MAX]]   .balign BYTES[, …]      padding
 *     .option rvc | norvc | push | pop | arch, [+-]zba | zbb | c     instruction choice
 *
 * .macro and .rept belong to `macros.ts`. .file, .ident, .attribute and .cfi_… are read over: they do
 * not change the code.
 */
import type { Extension } from '../../hw/manual/isa.ts';
import type { Section } from '../object.ts';
import type { Expression, TokenReader } from './expression.ts';
import { writeData } from './resolve.ts';
import { type FixupKind, SectionBuilder } from './section.ts';
import { type Place, SourceFault } from './source-error.ts';
import type { SymbolTable } from './symbols.ts';

export interface Options {
  readonly compresses: boolean;
  readonly absent: ReadonlySet<Extension>;
}

/** What directives work on. */
export interface Workspace {
  readonly symbols: SymbolTable;
  readonly sections: Map<string, SectionBuilder>;
  section: SectionBuilder;
  options: Options;
  readonly savedOptions: Options[];
}

type Directive = (reader: TokenReader, work: Workspace, place: Place) => void;

const ALIGNMENT_MAX = 0x1_0000;
const SPACE_MAX = 0x1000_0000;

/** Does the directive. False if there is none of this name. */
export function assembleDirective(name: string, reader: TokenReader, work: Workspace, place: Place): boolean {
  if (/^\.(file|ident|attribute|cfi_\w+|addrsig\w*)$/.test(name)) {
    while (reader.take() !== undefined);
    return true;
  }
  const directive = DIRECTIVES[name];
  if (directive === undefined) return false;
  directive(reader, work, place);
  reader.finish();
  return true;
}

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  '.text': (_reader, work) => enter(work, '.text', 'rx', false),
  '.data': (_reader, work) => enter(work, '.data', 'rw', false),
  '.rodata': (_reader, work) => enter(work, '.rodata', 'r', false),
  '.bss': (_reader, work) => enter(work, '.bss', 'rw', true),
  '.section': enterNamed,
  '.global': declareGlobal,
  '.globl': declareGlobal,
  '.local': (reader, work) => eachName(reader, name => work.symbols.get(name)),
  '.type': declareType,
  '.size': declareSize,
  '.equ': defineConstant,
  '.set': defineConstant,
  '.byte': (reader, work, place) => data(reader, work, place, 1, 'data8'),
  '.half': (reader, work, place) => data(reader, work, place, 2, 'data16'),
  '.short': (reader, work, place) => data(reader, work, place, 2, 'data16'),
  '.2byte': (reader, work, place) => data(reader, work, place, 2, 'data16'),
  '.word': (reader, work, place) => data(reader, work, place, 4, '32'),
  '.long': (reader, work, place) => data(reader, work, place, 4, '32'),
  '.4byte': (reader, work, place) => data(reader, work, place, 4, '32'),
  '.dword': (reader, work, place) => data(reader, work, place, 8, 'data64'),
  '.quad': (reader, work, place) => data(reader, work, place, 8, 'data64'),
  '.8byte': (reader, work, place) => data(reader, work, place, 8, 'data64'),
  '.ascii': (reader, work, place) => text(reader, work, place, []),
  '.asciz': (reader, work, place) => text(reader, work, place, [0]),
  '.string': (reader, work, place) => text(reader, work, place, [0]),
  '.zero': reserve,
  '.space': reserve,
  '.skip': reserve,
  '.fill': fill,
  '.align': (reader, work) => align(reader, work, true),
  '.p2align': (reader, work) => align(reader, work, true),
  '.balign': (reader, work) => align(reader, work, false),
  '.option': option,
};

function enter(work: Workspace, name: string, access: Section['access'], isBss: boolean): void {
  let section = work.sections.get(name);
  if (section === undefined) {
    section = new SectionBuilder(name, access, isBss);
    work.sections.set(name, section);
  }
  work.section = section;
}

/** Sections whose name says what they are. */
const KNOWN_SECTIONS: readonly (readonly [RegExp, Section['access'], boolean])[] = [
  [/^\.(text|init|fini)(\.|$)/, 'rx', false],
  [/^\.s?rodata(\.|$)/, 'r', false],
  [/^\.s?data(\.|$)/, 'rw', false],
  [/^\.s?bss(\.|$)/, 'rw', true],
];

function enterNamed(reader: TokenReader, work: Workspace, place: Place): void {
  const name = reader.name();
  const flags = reader.mark(',') ? reader.take() : undefined;
  if (flags !== undefined && flags.kind !== 'string') {
    throw new SourceFault(flags, 'the flags of a section are in quotes: write .section .name, "ax"');
  }
  let isNobits = false;
  if (reader.mark(',')) {
    if (!reader.mark('@')) reader.expect('%');
    isNobits = reader.name() === 'nobits';
    if (reader.mark(',')) reader.expression();
  }
  const known = KNOWN_SECTIONS.find(([pattern]) => pattern.test(name));
  const existing = work.sections.get(name);
  if (flags === undefined && known === undefined && existing === undefined) {
    throw new SourceFault(
      place,
      `${name} does not say what it is: write .section ${name}, "ax" for code, "a" for constants, "aw" for data`,
    );
  }
  const letters = flags?.text ?? '';
  const access =
    flags === undefined
      ? (known?.[1] ?? 'r')
      : letters.includes('x')
        ? 'rx'
        : letters.includes('w')
          ? 'rw'
          : 'r';
  if (existing !== undefined && flags !== undefined && existing.access !== access) {
    throw new SourceFault(
      place,
      `${name} began as ${existing.access}: give it the same flags again, or none`,
    );
  }
  enter(work, name, access, isNobits || (known?.[2] ?? false));
}

function eachName(reader: TokenReader, action: (name: string) => void): void {
  do action(reader.name());
  while (reader.mark(','));
}

function declareGlobal(reader: TokenReader, work: Workspace): void {
  eachName(reader, name => {
    work.symbols.get(name).isGlobal = true;
  });
}

function declareType(reader: TokenReader, work: Workspace): void {
  const symbol = work.symbols.get(reader.name());
  reader.expect(',');
  if (!reader.mark('@')) reader.mark('%');
  const { place } = reader;
  const kind = reader.name().toLowerCase();
  if (kind === 'function' || kind === 'stt_func') symbol.kind = 'function';
  else if (kind === 'object' || kind === 'stt_object') symbol.kind = 'object';
  else if (kind === 'notype') symbol.kind = 'none';
  else throw new SourceFault(place, `there is no symbol type ${kind}: write @function, @object or @notype`);
}

function declareSize(reader: TokenReader, work: Workspace): void {
  const symbol = work.symbols.get(reader.name());
  reader.expect(',');
  symbol.size = reader.expression();
}

function defineConstant(reader: TokenReader, work: Workspace, place: Place): void {
  const name = reader.name();
  reader.expect(',');
  work.symbols.defineConstant(name, reader.expression(), place);
}

function data(reader: TokenReader, work: Workspace, place: Place, size: number, kind: FixupKind): void {
  do {
    const expression = reader.expression();
    const constant = work.symbols.constantNow(expression);
    const bytes = new Uint8Array(size);
    if (constant === undefined) {
      work.section.append([...bytes], place, [{ kind, expression }]);
    } else {
      writeData(new DataView(bytes.buffer), 0, size, constant, expression);
      work.section.append([...bytes], place);
    }
  } while (reader.mark(','));
}

function text(reader: TokenReader, work: Workspace, place: Place, ending: readonly number[]): void {
  do {
    const token = reader.take();
    if (token?.kind !== 'string') {
      throw new SourceFault(
        token ?? reader.place,
        `expected a text in quotes but found ${token?.text ?? reader.found()}`,
      );
    }
    work.section.append([...token.bytes, ...ending], place);
  } while (reader.mark(','));
}

/** A number that must be known at this point of the source. */
function known(expression: Expression, work: Workspace, least: bigint, most: bigint): number {
  const value = work.symbols.constantNow(expression);
  if (value === undefined) {
    throw new SourceFault(expression, 'this number must be known here: define what it needs above with .equ');
  }
  if (value < least || value > most)
    throw new SourceFault(expression, `${value} is not allowed here: give ${least} to ${most}`);
  return Number(value);
}

function reserve(reader: TokenReader, work: Workspace, place: Place): void {
  const size = known(reader.expression(), work, 0n, BigInt(SPACE_MAX));
  const value = reader.mark(',') ? known(reader.expression(), work, -128n, 255n) & 255 : 0;
  if (value === 0) work.section.appendZeros(size, place);
  else work.section.append(new Array(size).fill(value), place);
}

function fill(reader: TokenReader, work: Workspace, place: Place): void {
  const count = known(reader.expression(), work, 0n, BigInt(SPACE_MAX));
  const size = reader.mark(',') ? known(reader.expression(), work, 1n, 8n) : 1;
  const value = reader.mark(',') ? reader.expression() : undefined;
  const bytes = new Uint8Array(size);
  if (value !== undefined) {
    const least = -(1n << BigInt(8 * size - 1));
    known(value, work, least, (1n << BigInt(8 * size)) - 1n);
    writeData(new DataView(bytes.buffer), 0, size, work.symbols.constantNow(value)!, value);
  }
  for (let index = 0; index < count; index += 1) work.section.append([...bytes], place);
}

function align(reader: TokenReader, work: Workspace, isPower: boolean): void {
  const expression = reader.expression();
  const given = known(expression, work, 0n, isPower ? 16n : BigInt(ALIGNMENT_MAX));
  const boundary = isPower ? 2 ** given : Math.max(given, 1);
  if (boundary & (boundary - 1))
    throw new SourceFault(expression, `${boundary} is no power of two: align to 1, 2, 4, 8 …`);
  let fillByte: number | undefined;
  let paddingMax = Number.POSITIVE_INFINITY;
  if (reader.mark(',')) {
    const isOmitted = reader.peek()?.text === ',';
    if (!isOmitted) fillByte = known(reader.expression(), work, 0n, 255n);
    if (reader.mark(',')) paddingMax = known(reader.expression(), work, 0n, BigInt(ALIGNMENT_MAX));
  }
  work.section.align(boundary, fillByte, paddingMax);
}

function option(reader: TokenReader, work: Workspace): void {
  const { place } = reader;
  const name = reader.name();
  const { options, savedOptions } = work;
  switch (name) {
    case 'rvc':
      work.options = { ...options, compresses: true };
      return;
    case 'norvc':
      work.options = { ...options, compresses: false };
      return;
    case 'push':
      savedOptions.push(options);
      return;
    case 'pop': {
      const saved = savedOptions.pop();
      if (saved === undefined) throw new SourceFault(place, '.option pop without .option push: push first');
      work.options = saved;
      return;
    }
    case 'arch':
      reader.expect(',');
      architecture(reader, work);
      return;
    case 'pic':
    case 'nopic':
    case 'relax':
    case 'norelax':
      return;
    default:
      throw new SourceFault(place, `there is no option ${name}: known are rvc, norvc, push, pop and arch`);
  }
}

const SWITCHABLE: Readonly<Record<string, Extension>> = { zba: 'Zba', zbb: 'Zbb' };

function architecture(reader: TokenReader, work: Workspace): void {
  do {
    const isOn = reader.mark('+');
    if (!isOn) reader.expect('-');
    const { place } = reader;
    const name = reader.name();
    const extension = SWITCHABLE[name];
    const absent = new Set(work.options.absent);
    if (name === 'c') work.options = { ...work.options, compresses: isOn };
    else if (extension === undefined) {
      throw new SourceFault(place, `${name} cannot be switched: write +zba, -zba, +zbb, -zbb, +c or -c`);
    } else {
      if (isOn) absent.delete(extension);
      else absent.add(extension);
      work.options = { ...work.options, absent };
    }
  } while (reader.mark(','));
}
