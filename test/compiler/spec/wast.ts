/**
 * WebAssembly scripts as trees: S-expressions with the place of each in the text, so that a module's text
 * can be handed on as it stands.
 */

export type Node = Atom | Text | List;

export interface Atom {
  readonly kind: 'atom';
  readonly text: string;
}

export interface Text {
  readonly kind: 'text';
  readonly bytes: Uint8Array;
}

export interface List {
  readonly kind: 'list';
  readonly items: readonly Node[];
  /** Character offsets of its parentheses: [start, end). */
  readonly start: number;
  readonly end: number;
  readonly line: number;
}

/** The lists at the top level of a script. Throws for text that is no sequence of lists. */
export function parseScript(source: string): readonly List[] {
  const reader = new ScriptReader(source);
  const lists: List[] = [];
  for (let node = reader.next(); node !== undefined; node = reader.next()) {
    if (node.kind !== 'list') throw new Error(`line ${reader.line}: a list was expected`);
    lists.push(node);
  }
  return lists;
}

/** The word at the head of a list, or nothing. */
export function headOf(node: Node | undefined): string | undefined {
  if (node?.kind !== 'list') return undefined;
  const [first] = node.items;
  return first?.kind === 'atom' ? first.text : undefined;
}

export function textOf(node: Node | undefined): string {
  if (node?.kind !== 'text') throw new Error('a string was expected');
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(node.bytes);
}

export function joined(nodes: readonly Node[]): Uint8Array {
  const parts = nodes.flatMap(node => (node.kind === 'text' ? [...node.bytes] : []));
  return Uint8Array.from(parts);
}

class ScriptReader {
  private readonly source: string;
  private at = 0;
  line = 1;

  constructor(source: string) {
    this.source = source;
  }

  next(): Node | undefined {
    this.skipBlank();
    const character = this.source[this.at];
    if (character === undefined || character === ')') return undefined;
    if (character === '(') return this.list();
    if (character === '"') return this.text();
    const match = /[^\s()";]+/y;
    match.lastIndex = this.at;
    const text = match.exec(this.source)?.[0] ?? '';
    if (text === '') throw new Error(`line ${this.line}: unexpected ${character}`);
    this.at += text.length;
    return { kind: 'atom', text };
  }

  private list(): List {
    const start = this.at;
    const line = this.line;
    this.at += 1;
    const items: Node[] = [];
    for (let item = this.next(); item !== undefined; item = this.next()) items.push(item);
    if (this.source[this.at] !== ')') throw new Error(`line ${line}: the list has no end`);
    this.at += 1;
    return { kind: 'list', items, start, end: this.at, line };
  }

  private text(): Text {
    const bytes: number[] = [];
    for (this.at += 1; this.source[this.at] !== '"'; ) {
      const character = String.fromCodePoint(this.source.codePointAt(this.at)!);
      this.at += character.length;
      if (character === '\\') bytes.push(...this.escape());
      else bytes.push(...new TextEncoder().encode(character));
    }
    this.at += 1;
    return { kind: 'text', bytes: Uint8Array.from(bytes) };
  }

  private escape(): Iterable<number> {
    const rest = this.source.slice(this.at, this.at + 12);
    const hex = /^[0-9a-fA-F]{2}/.exec(rest)?.[0];
    const code = /^u\{([0-9a-fA-F]+)\}/.exec(rest);
    const simple = 'nrt"\'\\'.indexOf(rest[0]!);
    this.at += hex?.length ?? code?.[0].length ?? 1;
    if (hex !== undefined) return [Number.parseInt(hex, 16)];
    if (code !== null) return new TextEncoder().encode(String.fromCodePoint(Number.parseInt(code[1]!, 16)));
    return new TextEncoder().encode('\n\r\t"\'\\'[simple]);
  }

  private skipBlank(): void {
    for (;;) {
      const rest = this.source[this.at];
      if (rest === '\n') this.line += 1;
      if (rest !== undefined && /\s/.test(rest)) this.at += 1;
      else if (this.source.startsWith(';;', this.at)) this.skipLine();
      else if (this.source.startsWith('(;', this.at)) this.skipBlock();
      else return;
    }
  }

  private skipLine(): void {
    const end = this.source.indexOf('\n', this.at);
    this.at = end < 0 ? this.source.length : end;
  }

  private skipBlock(): void {
    let depth = 0;
    do {
      if (this.source.startsWith('(;', this.at)) depth += 1;
      else if (this.source.startsWith(';)', this.at)) depth -= 1;
      if (this.source[this.at] === '\n') this.line += 1;
      this.at += depth > 0 && !this.source.startsWith('(;', this.at) ? 1 : 2;
    } while (depth > 0 && this.at < this.source.length);
  }
}
