/**
 * The conditions of `test` and `[`, about texts, numbers and files.
 *
 *     -n -z text   text = != < > text   -eq -ne -lt -le -gt -ge numbers   -t descriptor
 *     -e -f -d -h -L -p -c -b -s -r -w -x file   file -nt -ot -ef file   ! ( ) -a -o
 *
 * With up to four arguments their number decides what each is, as POSIX has it. Who asks brings a witness of
 * files and descriptors.
 */
import { KIND_DEVICE, KIND_DIRECTORY, KIND_FILE, KIND_PIPE, KIND_SYMBOLIC_LINK } from '../../os/abi/file.ts';
import { trimmed } from './text.ts';
import { WholeNumber } from './whole-number.ts';

/** What a condition asks of the world. Kinds are KIND_… of os/abi/file.ts, 0 or less for what is not there. */
export interface Witness {
  kind(path: string): i32;
  linkKind(path: string): i32;
  mode(path: string): u32;
  size(path: string): i64;
  modified(path: string): i64;
  isSame(path: string, other: string): bool;
  isTerminal(descriptor: i32): bool;
}

const UNARY: StaticArray<string> = [
  '-n',
  '-z',
  '-e',
  '-f',
  '-d',
  '-h',
  '-L',
  '-p',
  '-c',
  '-b',
  '-s',
  '-r',
  '-w',
  '-x',
  '-t',
  '-u',
  '-g',
  '-k',
  '-S',
];
const BINARY: StaticArray<string> = [
  '=',
  '==',
  '!=',
  '<',
  '>',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
];

export class Condition {
  error: string = '';
  private position: i32 = 1;

  constructor(
    private witness: Witness,
    private args: string[],
  ) {}

  whole(): bool {
    const count = this.args.length - 1;
    if (count === 0) return false;
    if (count === 1) return this.args[1] !== '';
    if (count === 3 && BINARY.includes(this.args[2])) return this.binary();
    if (count === 4 && this.args[1] === '!' && BINARY.includes(this.args[3])) {
      this.position++;
      return !this.binary();
    }
    const isTrue = this.either();
    if (this.error === '' && this.position < this.args.length)
      this.fail(`${count === 2 ? this.args[1] : this.peek()}: unexpected operator`);
    return isTrue;
  }

  private fail(message: string): bool {
    if (this.error === '') this.error = message;
    return false;
  }

  private peek(ahead: i32 = 0): string {
    const at = this.position + ahead;
    return at < this.args.length ? this.args[at] : '';
  }

  private either(): bool {
    let isTrue = this.both();
    while (this.peek() === '-o') {
      this.position++;
      const isOther = this.both();
      isTrue = isTrue || isOther;
    }
    return isTrue;
  }

  private both(): bool {
    let isTrue = this.negation();
    while (this.peek() === '-a') {
      this.position++;
      const isOther = this.negation();
      isTrue = isTrue && isOther;
    }
    return isTrue;
  }

  private negation(): bool {
    if (this.peek() !== '!' || this.position + 1 >= this.args.length) return this.primary();
    this.position++;
    return !this.negation();
  }

  private primary(): bool {
    const left = this.args.length - this.position;
    if (left <= 0) return this.fail('argument expected');
    if (left >= 3 && BINARY.includes(this.peek(1))) return this.binary();
    if (this.peek() === '(' && left >= 2) {
      this.position++;
      const isTrue = this.either();
      if (this.peek() !== ')') return this.fail('closing paren expected');
      this.position++;
      return isTrue;
    }
    if (UNARY.includes(this.peek()) && left >= 2) {
      this.position += 2;
      return this.unary(this.args[this.position - 2].charAt(1), this.args[this.position - 1]);
    }
    return this.args[this.position++] !== '';
  }

  private unary(letter: string, operand: string): bool {
    if (letter === 'n') return operand !== '';
    if (letter === 'z') return operand === '';
    if (letter === 't') return this.witness.isTerminal(<i32>this.number(operand));
    if (letter === 'h' || letter === 'L') return this.witness.linkKind(operand) === KIND_SYMBOLIC_LINK;
    const kind = this.witness.kind(operand);
    if (kind <= 0) return false;
    if (letter === 'e') return true;
    if (letter === 'f') return kind === KIND_FILE;
    if (letter === 'd') return kind === KIND_DIRECTORY;
    if (letter === 'p') return kind === KIND_PIPE;
    if (letter === 'c') return kind === KIND_DEVICE;
    if (letter === 's') return this.witness.size(operand) > 0;
    const mode = this.witness.mode(operand);
    if (letter === 'r') return (mode & 0o444) !== 0;
    if (letter === 'w') return (mode & 0o222) !== 0;
    if (letter === 'x') return (mode & 0o111) !== 0;
    if (letter === 'u') return (mode & 0o4000) !== 0;
    if (letter === 'g') return (mode & 0o2000) !== 0;
    return letter === 'k' && (mode & 0o1000) !== 0;
  }

  private binary(): bool {
    const left = this.args[this.position];
    const operator = this.args[this.position + 1];
    const right = this.args[this.position + 2];
    this.position += 3;
    if (operator === '=' || operator === '==') return left === right;
    if (operator === '!=') return left !== right;
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    if (operator === '-nt')
      return (
        this.witness.kind(left) > 0 &&
        (this.witness.kind(right) <= 0 || this.witness.modified(left) > this.witness.modified(right))
      );
    if (operator === '-ot')
      return (
        this.witness.kind(right) > 0 &&
        (this.witness.kind(left) <= 0 || this.witness.modified(left) < this.witness.modified(right))
      );
    if (operator === '-ef') return this.witness.isSame(left, right);
    const a = this.number(left);
    const b = this.number(right);
    if (this.error !== '') return false;
    if (operator === '-eq') return a === b;
    if (operator === '-ne') return a !== b;
    if (operator === '-lt') return a < b;
    if (operator === '-le') return a <= b;
    return operator === '-gt' ? a > b : a >= b;
  }

  /** Decimal: a leading 0 means nothing. */
  private number(text: string): i64 {
    let digits = trimmed(text);
    const isNegative = digits.startsWith('-');
    if (isNegative || digits.startsWith('+')) digits = digits.substring(1);
    let start = 0;
    while (start + 1 < digits.length && digits.charAt(start) === '0') start++;
    const number = new WholeNumber(digits.substring(start));
    if (!number.isWhole) this.fail(`Illegal number: ${text}`);
    return isNegative ? -number.value : number.value;
  }
}
