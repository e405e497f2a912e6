/**
 * The assembler for RV32IMAC_Zicsr_Zifencei_Zba_Zbb with the privileged instructions: GNU as's syntax
 * for the part of it that is used here. For the kernel's entry stubs and for tests.
 *
 *     source → lines (lexer, macros) → statements → items of sections (section)
 *            → every jump its shortest form → fixups to bits or relocations (resolve) → ObjectFile
 *
 * Differences from GNU as, on purpose: 16-bit forms are made only after `.option rvc`, so that a test
 * says what it means; names c.… may be used without it; calls within a section take the shortest form
 * at once, for our linker relaxes nothing; distances within a section leave no relocation.
 */
import type { ObjectFile, ObjectSymbol, Section } from '../object.ts';
import { assembleDirective, type Options, type Workspace } from './directive.ts';
import { TokenReader } from './expression.ts';
import { assembleInstruction } from './instruction.ts';
import { sourceLines, type Token, tokenize } from './lexer.ts';
import { type Line, LineFeed } from './macros.ts';
import { type Addresses, type Resolved, resolveSection } from './resolve.ts';
import { SectionBuilder } from './section.ts';
import { AssemblyError, type Place, SourceFault } from './source-error.ts';
import { type AssemblySymbol, SymbolTable } from './symbols.ts';

/**
 * Assembles a source to an object for the linker. `name` is the file's name in messages and lines.
 * Throws an AssemblyError with a line for each fault.
 */
export function assemble(source: string, { name = 'source.s' }: { readonly name?: string } = {}): ObjectFile {
  const work = read(source, name, undefined);
  const faults: SourceFault[] = [];
  const resolved = new Map<SectionBuilder, Resolved>();
  for (const section of work.sections.values()) {
    resolved.set(section, resolveSection(section, work.symbols, undefined, faults));
  }
  const symbols = collect(work, faults);
  if (faults.length > 0) throw new AssemblyError(name, inOrder(faults));
  const used = [...work.sections.values()].filter(section => section.size > 0 || section.alignment > 1);
  return {
    name,
    symbols,
    sections: used.map(section => objectSection(section, resolved.get(section)!, name)),
  };
}

/** What a flat assembly gives: memory contents from the origin on, and every symbol's value. */
export interface FlatProgram {
  readonly bytes: Uint8Array;
  readonly symbols: ReadonlyMap<string, number>;
}

/**
 * Assembles a source for a place in memory: text first, then constants, data and zeros, everything
 * resolved. The first instruction of `.text` is at the origin.
 */
export function assembleFlat(
  source: string,
  { origin, name = 'source.s' }: { readonly origin: number; readonly name?: string },
): FlatProgram {
  const work = read(source, name, origin);
  const starts = new Map<object, number>();
  let end = origin;
  for (const section of inMemoryOrder(work.sections)) {
    end = Math.ceil(end / section.alignment) * section.alignment;
    starts.set(section, end);
    end += section.size;
  }
  const addresses: Addresses = section => BigInt(starts.get(section)!);
  const faults: SourceFault[] = [];
  const bytes = new Uint8Array(end - origin);
  for (const section of work.sections.values()) {
    bytes.set(resolveSection(section, work.symbols, addresses, faults).bytes, starts.get(section)! - origin);
  }
  const symbols = new Map<string, number>();
  for (const symbol of work.symbols.all()) {
    if (symbol.definition === undefined || symbol.name.startsWith('.L')) continue;
    guarded(faults, () => {
      const { line, column } = symbol.definedAt!;
      const value = work.symbols.absolute({ kind: 'symbol', name: symbol.name, line, column }, addresses);
      symbols.set(symbol.name, Number(BigInt.asUintN(32, value)));
    });
  }
  if (faults.length > 0) throw new AssemblyError(name, inOrder(faults));
  return { bytes, symbols };
}

/** The source as settled sections and symbols. `textAddress` is where .text will be, if that is known. */
function read(source: string, name: string, textAddress: number | undefined): Workspace {
  const text = new SectionBuilder('.text', 'rx', false);
  const options: Options = { compresses: false, absent: new Set() };
  const work: Workspace = {
    symbols: new SymbolTable(),
    sections: new Map([['.text', text]]),
    section: text,
    options,
    savedOptions: [],
  };
  const faults: SourceFault[] = [];
  const feed = new LineFeed(sourceLines(source));
  for (let more = true; more; ) {
    guarded(faults, () => {
      const line = feed.next();
      more = line !== undefined;
      if (line !== undefined) readLine(line, feed, work);
    });
  }
  guarded(faults, () => {
    for (const section of work.sections.values()) {
      section.settle(target => work.symbols.relative(target), section === text ? textAddress : undefined);
    }
  });
  if (faults.length > 0) throw new AssemblyError(name, inOrder(faults));
  return work;
}

function guarded(faults: SourceFault[], action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof SourceFault)) throw error;
    faults.push(error);
  }
}

const inOrder = (faults: readonly SourceFault[]) =>
  [...faults].sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);

function readLine({ text, number }: Line, feed: LineFeed, work: Workspace): void {
  const [, word = '', rest = ''] = /^\s*([A-Za-z_.$][\w.$]*)(?![\w.$]*\s*[:=])(.*)$/.exec(text) ?? [];
  const place = { line: number, column: text.search(/\S/) + 1 };
  if (word === '.endm' || word === '.endr') {
    throw new SourceFault(
      place,
      `${word} closes nothing: open the block with ${word === '.endm' ? '.macro' : '.rept'}`,
    );
  }
  if (word === '.macro') feed.defineMacro(rest, place);
  else if (feed.hasMacro(word)) feed.useMacro(word, rest, place);
  else if (word === '.rept') repeat(rest, feed, work, number, text.length - rest.length);
  else readStatements(text, number, work);
}

function readStatements(text: string, number: number, work: Workspace): void {
  const tokens = tokenize(text, number);
  const end = { line: number, column: text.trimEnd().length + 1 };
  while (tokens.length > 0) {
    const semicolon = tokens.findIndex(token => token.kind === 'mark' && token.text === ';');
    const statement = semicolon < 0 ? tokens.splice(0) : tokens.splice(0, semicolon + 1).slice(0, -1);
    readStatement(statement, tokens[0] ?? end, work);
  }
}

function repeat(rest: string, feed: LineFeed, work: Workspace, line: number, before: number): void {
  const place = { line, column: before + 1 };
  const reader = makeReader(tokenize(' '.repeat(before) + rest, line), place, work);
  const count = work.symbols.constantNow(reader.expression());
  reader.finish();
  const isCount = count !== undefined && count >= 0n;
  feed.repeat(isCount ? Number(count) : 0, place);
  if (!isCount)
    throw new SourceFault(
      place,
      '.rept wants a count that is known here: a number or a constant defined above',
    );
}

function readStatement(tokens: readonly Token[], end: Place, work: Workspace): void {
  let at = 0;
  while (tokens[at + 1]?.text === ':' && tokens[at + 1]?.kind === 'mark') {
    defineLabel(tokens[at]!, work);
    at += 2;
  }
  const first = tokens[at];
  if (first === undefined) return;
  const rest = tokens.slice(at + 1);
  if (first.kind !== 'name') {
    throw new SourceFault(first, `expected a label, an instruction or a directive but found ${first.text}`);
  }
  const assigned = rest[0]?.kind === 'mark' && rest[0].text === '=';
  const reader = makeReader(assigned ? rest.slice(1) : rest, end, work);
  if (assigned) {
    work.symbols.defineConstant(first.text, reader.expression(), first);
    reader.finish();
  } else if (first.text.startsWith('.')) {
    if (assembleDirective(first.text, reader, work, first)) return;
    throw new SourceFault(
      first,
      `there is no directive ${first.text}: see images/assembler/directive.ts for those there are`,
    );
  } else {
    readInstruction(first, rest, end, work);
  }
}

function readInstruction(mnemonic: Token, rest: readonly Token[], end: Place, work: Workspace): void {
  const { section, symbols, options } = work;
  section.markSource(mnemonic);
  section.alignment = Math.max(section.alignment, options.compresses ? 2 : 4);
  assembleInstruction({ ...mnemonic, text: mnemonic.text.toLowerCase() } as Token, rest, {
    section,
    symbols,
    compresses: options.compresses,
    absent: options.absent,
    reader: (tokens, after) => makeReader(tokens, tokens === rest ? end : after, work),
  });
}

function defineLabel(token: Token, work: Workspace): void {
  const position = work.section.end;
  if (token.kind === 'name') work.symbols.defineLabel(token.text, position, token);
  else if (token.kind === 'number' && /^\d+$/.test(token.text))
    work.symbols.defineNumeric(token.text, position, token);
  else throw new SourceFault(token, `${token.text} is no label: labels are names or decimal numbers`);
}

function makeReader(tokens: readonly Token[], end: Place, { symbols, section }: Workspace): TokenReader {
  return new TokenReader(tokens, end, token => {
    if (token.kind === 'labelReference') return symbols.numericReference(token);
    return token.text === '.' ? symbols.hidden(section.end, token) : token.text;
  });
}

function inMemoryOrder(sections: ReadonlyMap<string, SectionBuilder>): SectionBuilder[] {
  const rank = (section: SectionBuilder) => (section.isBss ? 3 : ['rx', 'r', 'rw'].indexOf(section.access));
  return [...sections.values()].sort((a, b) => rank(a) - rank(b));
}

function objectSection(section: SectionBuilder, { bytes, relocations }: Resolved, file: string): Section {
  const { name, access, alignment, size } = section;
  const lines = section.lines().map(({ offset, line, column }) => ({ offset, file, line, column }));
  return { name, access, alignment, bytes, size, relocations, lines };
}

/** The symbols that leave the source: all but hidden ones that no relocation names. */
function collect(work: Workspace, faults: SourceFault[]): ObjectSymbol[] {
  const collected: ObjectSymbol[] = [];
  for (const symbol of work.symbols.all()) {
    const isHidden = symbol.name.startsWith('.L') && !symbol.isGlobal;
    if (symbol.isWanted || (symbol.definition !== undefined && !isHidden)) {
      guarded(faults, () => collected.push(objectSymbol(symbol, work)));
    }
  }
  return collected;
}

function objectSymbol(symbol: AssemblySymbol, { symbols }: Workspace): ObjectSymbol {
  const { name, kind, isGlobal, definition } = symbol;
  const size = symbol.size === undefined ? 0 : symbolSize(symbol, symbols);
  const binding = isGlobal || definition === undefined ? 'global' : 'local';
  if (definition === undefined) return { name, binding, kind, place: undefined, size };
  const { line, column } = symbol.definedAt!;
  const { base, constant } = symbols.relative({ kind: 'symbol', name, line, column });
  if (base === undefined) return { name, binding, kind, place: { value: Number(constant) }, size };
  if (!(base instanceof SectionBuilder)) {
    throw new SourceFault(
      symbol.definedAt!,
      `${name} stands for a symbol of another file: use that symbol itself`,
    );
  }
  return { name, binding, kind, place: { section: base.name, offset: Number(constant) }, size };
}

function symbolSize({ name, size }: AssemblySymbol, symbols: SymbolTable): number {
  const { base, constant } = symbols.relative(size!);
  if (base !== undefined)
    throw new SourceFault(size!, `the size of ${name} is an address: write . - ${name}`);
  return Number(constant);
}
