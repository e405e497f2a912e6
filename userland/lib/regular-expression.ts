/**
 * POSIX regular expressions: the leftmost match, and of those the longest.
 *
 *     const expression = new RegularExpression('\\(a*\\)b', false, false);    its fault is '' or what is wrong
 *     expression.find(text, 0)             whether there is a match from there on
 *     expression.start(0), end(0)          where it is; 1 … 9 of the groups, −1 where one has no part
 *
 * A program is run with backtracking that never comes twice to the same instruction at the same place: the work
 * is at most the text times the program. Only with back references that cannot be.
 *
 *     instruction   a, b
 *     CODE          code point           SPLIT    the one to take first, the other
 *     SET           index of a set       JUMP     where
 *     SAVE          slot                 BACK     group
 *     MARK, MOVED   slot: a repetition that has not moved does not go on
 */
import {
  ANY,
  BACK,
  CHOICE,
  CODE,
  type CodeSet,
  EMPTY,
  END,
  GROUP,
  type Part,
  REPEAT,
  RegularSyntax,
  SEQUENCE,
  SET,
  START,
  UNBOUNDED,
  WORD_EDGE,
  WORD_END,
  WORD_INSIDE,
  WORD_START,
} from './regular-syntax.ts';

const SPLIT: i32 = 20;
const JUMP: i32 = 21;
const SAVE: i32 = 22;
const MARK: i32 = 23;
const MOVED: i32 = 24;
const MATCH: i32 = 25;

/** Of a stack entry: not a place to go on, but a slot to give its value back. */
const RESTORE: i32 = -1;

export class RegularExpression {
  fault: string = '';
  groups: i32 = 0;
  private operations: i32[] = [];
  private first: i32[] = [];
  private second: i32[] = [];
  private sets: CodeSet[] = [];
  private hasBack: bool = false;
  /** With which text every match begins, as far as that is certain. */
  private prefix: string = '';
  /** Slots: begin and end of each group, then marks. */
  private slots: i32[] = [];
  private best: i32[] = [];
  private stack: i32[] = [];
  private visited: StaticArray<u32> = new StaticArray<u32>(0);
  private text: string = '';

  constructor(
    source: string,
    isExtended: bool,
    private ignoresCase: bool,
  ) {
    const syntax = new RegularSyntax(source, isExtended);
    const part = syntax.read();
    this.fault = syntax.fault;
    this.groups = syntax.groups;
    this.hasBack = syntax.hasBack;
    if (this.fault === '') this.compileAll(part);
  }

  private compileAll(part: Part): void {
    for (let slot = 0; slot <= this.groups; slot++) {
      this.slots.push(-1);
      this.slots.push(-1);
    }
    this.compile(part);
    this.emit(MATCH, 0, 0);
    if (!this.ignoresCase) this.prefix = prefixOf(part);
  }

  start(group: i32): i32 {
    return this.best[group * 2];
  }

  end(group: i32): i32 {
    return this.best[group * 2 + 1];
  }

  find(text: string, from: i32): bool {
    this.text = text;
    const places = text.length + 1;
    if (!this.hasBack) this.forget((this.operations.length * places + 31) >> 5);
    for (let at = from; at < places; at++) {
      if (this.prefix !== '') {
        at = text.indexOf(this.prefix, at);
        if (at < 0) return false;
      }
      if (this.matchAt(at)) return true;
    }
    return false;
  }

  private forget(words: i32): void {
    if (this.visited.length < words) this.visited = new StaticArray<u32>(words * 2);
    memory.fill(changetype<usize>(this.visited), 0, (<usize>words) << 2);
  }

  private emit(operation: i32, first: i32, second: i32): i32 {
    this.operations.push(operation);
    this.first.push(first);
    this.second.push(second);
    return this.operations.length - 1;
  }

  private compile(part: Part): void {
    switch (part.kind) {
      case EMPTY:
        break;
      case SEQUENCE:
        this.compile(part.left!);
        this.compile(part.right!);
        break;
      case CHOICE:
        this.compileChoice(part);
        break;
      case REPEAT:
        this.compileRepeat(part);
        break;
      case GROUP:
        this.emit(SAVE, part.value * 2, 0);
        this.compile(part.left!);
        this.emit(SAVE, part.value * 2 + 1, 0);
        break;
      case SET:
        this.sets.push(part.set!);
        this.emit(SET, this.sets.length - 1, 0);
        break;
      case CODE:
        this.emit(CODE, this.ignoresCase ? lowered(part.value) : part.value, 0);
        break;
      default:
        this.emit(part.kind, part.value, 0);
    }
  }

  private compileChoice(part: Part): void {
    const split = this.emit(SPLIT, 0, 0);
    this.first[split] = this.operations.length;
    this.compile(part.left!);
    const jump = this.emit(JUMP, 0, 0);
    this.second[split] = this.operations.length;
    this.compile(part.right!);
    this.first[jump] = this.operations.length;
  }

  private compileRepeat(part: Part): void {
    const body = part.left!;
    for (let count = 0; count < part.min; count++) this.compile(body);
    if (part.max !== UNBOUNDED) {
      const splits: i32[] = [];
      for (let count = part.min; count < part.max; count++) {
        const split = this.emit(SPLIT, this.operations.length + 1, 0);
        splits.push(split);
        this.compile(body);
      }
      for (let index = 0; index < splits.length; index++) this.second[splits[index]] = this.operations.length;
      return;
    }
    const split = this.emit(SPLIT, this.operations.length + 1, 0);
    const slot = this.hasBack ? this.slots.length : 0;
    if (this.hasBack) {
      this.slots.push(-1);
      this.emit(MARK, slot, 0);
    }
    this.compile(body);
    if (this.hasBack) this.emit(MOVED, slot, 0);
    this.emit(JUMP, split, 0);
    this.second[split] = this.operations.length;
  }

  /** Whether something begins there; the longest, in `best`. */
  private matchAt(from: i32): bool {
    const slots = this.slots;
    for (let slot = 0; slot < slots.length; slot++) slots[slot] = -1;
    slots[0] = from;
    this.stack.length = 0;
    this.push(0, from, 0);
    let bestEnd = -1;
    while (this.stack.length > 0) {
      const value = this.stack.pop();
      const at = this.stack.pop();
      const operation = this.stack.pop();
      if (operation === RESTORE) {
        slots[at] = value;
        continue;
      }
      const end = this.run(operation, at);
      if (end <= bestEnd) continue;
      bestEnd = end;
      slots[1] = end;
      this.best = slots.slice(0, (this.groups + 1) * 2);
    }
    return bestEnd >= 0;
  }

  private push(operation: i32, at: i32, value: i32): void {
    this.stack.push(operation);
    this.stack.push(at);
    this.stack.push(value);
  }

  private setSlot(slot: i32, value: i32): void {
    this.push(RESTORE, slot, this.slots[slot]);
    this.slots[slot] = value;
  }

  /** From an instruction on, to a match: where it ends; −1 where it fails. */
  private run(start: i32, from: i32): i32 {
    const text = this.text;
    const length = text.length;
    let pc = start;
    let at = from;
    while (true) {
      if (!this.hasBack && this.wasHere(pc, at)) return -1;
      const operation = this.operations[pc];
      const value = this.first[pc];
      switch (operation) {
        case CODE: {
          if (at >= length) return -1;
          const code = text.codePointAt(at);
          if (code !== value && !(this.ignoresCase && lowered(code) === value)) return -1;
          at += code >= 0x1_0000 ? 2 : 1;
          break;
        }
        case ANY:
          if (at >= length) return -1;
          at += text.codePointAt(at) >= 0x1_0000 ? 2 : 1;
          break;
        case SET: {
          if (at >= length) return -1;
          const code = text.codePointAt(at);
          if (!this.isInSet(this.sets[value], code)) return -1;
          at += code >= 0x1_0000 ? 2 : 1;
          break;
        }
        case SPLIT:
          this.push(this.second[pc], at, 0);
          pc = value;
          continue;
        case JUMP:
          pc = value;
          continue;
        case SAVE:
        case MARK:
          this.setSlot(value, at);
          break;
        case MOVED:
          if (this.slots[value] === at) return -1;
          break;
        case BACK: {
          const end = this.behindBack(value, at);
          if (end < 0) return -1;
          at = end;
          break;
        }
        case MATCH:
          return at;
        default:
          if (!this.isAtEdge(operation, at)) return -1;
      }
      pc++;
    }
  }

  private wasHere(pc: i32, at: i32): bool {
    const bit = pc * (this.text.length + 1) + at;
    const word = this.visited[bit >> 5];
    if ((word & (1 << (bit & 31))) !== 0) return true;
    this.visited[bit >> 5] = word | (1 << (bit & 31));
    return false;
  }

  private isInSet(set: CodeSet, code: i32): bool {
    if (set.has(code)) return !this.ignoresCase || !set.isComplement || this.hasBothCases(set, code);
    return this.ignoresCase && !set.isComplement && (set.has(lowered(code)) || set.has(raised(code)));
  }

  private hasBothCases(set: CodeSet, code: i32): bool {
    return set.has(lowered(code)) && set.has(raised(code));
  }

  /** Where the text ends that the group has; −1 where it is not here. */
  private behindBack(group: i32, at: i32): i32 {
    const start = this.slots[group * 2];
    const size = this.slots[group * 2 + 1] - start;
    if (start < 0 || this.slots[group * 2 + 1] < 0 || at + size > this.text.length) return -1;
    for (let index = 0; index < size; index++) {
      const wanted: i32 = this.text.charCodeAt(start + index);
      const found: i32 = this.text.charCodeAt(at + index);
      if (wanted !== found && !(this.ignoresCase && lowered(wanted) === lowered(found))) return -1;
    }
    return at + size;
  }

  private isAtEdge(operation: i32, at: i32): bool {
    if (operation === START) return at === 0;
    if (operation === END) return at === this.text.length;
    const before = at > 0 && isWord(this.text.charCodeAt(at - 1));
    const behind = at < this.text.length && isWord(this.text.charCodeAt(at));
    if (operation === WORD_START) return !before && behind;
    if (operation === WORD_END) return before && !behind;
    return operation === WORD_EDGE ? before !== behind : operation === WORD_INSIDE && before === behind;
  }
}

/** Text that every match begins with. */
function prefixOf(part: Part): string {
  if (part.kind === CODE) return String.fromCodePoint(part.value);
  if (part.kind !== SEQUENCE) return '';
  const left = prefixOf(part.left!);
  return left !== '' && isLiteral(part.left!) ? left + prefixOf(part.right!) : left;
}

function isLiteral(part: Part): bool {
  if (part.kind === CODE) return true;
  return part.kind === SEQUENCE && isLiteral(part.left!) && isLiteral(part.right!);
}

function isWord(code: i32): bool {
  const lower = code | 0x20;
  return (lower >= 0x61 && lower <= 0x7a) || (code >= 0x30 && code <= 0x39) || code === 0x5f || code >= 0xa0;
}

function lowered(code: i32): i32 {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? code | 0x20 : code;
  const text = String.fromCodePoint(code).toLowerCase();
  return text.codePointAt(0);
}

function raised(code: i32): i32 {
  if (code < 0x80) return code >= 0x61 && code <= 0x7a ? code & ~0x20 : code;
  const text = String.fromCodePoint(code).toUpperCase();
  return text.codePointAt(0);
}
