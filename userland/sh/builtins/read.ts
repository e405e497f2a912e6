/**
 * `read [-r] [-p prompt] name …`: one line of the input, split by IFS, a field for each name and the rest
 * for the last. A backslash takes the meaning from the next character, and joins lines; with -r it has none.
 *
 * Status 1 at the end of the input. It takes no byte beyond the line, so that the next command finds them.
 */
import { isName } from '../parser.ts';
import type { Shell } from '../shell.ts';
import { readByte, textOfBytes } from '../system.ts';
import { complain, illegal } from './arguments.ts';

/** Protects the character behind it while a line is taken apart; no text has it. */
const PROTECT: i32 = 0xffff;

export function read(shell: Shell, args: string[]): i32 {
  let isRaw = false;
  let i = 1;
  for (; i < args.length && args[i].startsWith('-'); i++) {
    if (args[i] === '-r') isRaw = true;
    else if (args[i] === '-p' && i + 1 < args.length) shell.descriptors.write(2, args[++i]);
    else return illegal(shell, args, args[i].substring(1));
  }
  if (i === args.length) return complain(shell, args, 'arg count', 2);
  for (let k = i; k < args.length; k++) {
    if (!isName(args[k])) return complain(shell, args, `${args[k]}: bad variable name`, 2);
  }
  const line = new Line(shell.descriptors.table[0], isRaw);
  if (line.error < 0) return line.error === -1 ? 1 : 128 + 2;
  const splitter = new Splitter(line.text, shell.variables.has('IFS') ? shell.variables.get('IFS') : ' \t\n');
  for (; i < args.length; i++) {
    const value = i + 1 < args.length ? splitter.field() : splitter.rest();
    if (!shell.assign(args[i], value)) return 2;
  }
  return line.isWhole ? 0 : 1;
}

class Line {
  text: string = '';
  /** Ended by a newline. */
  isWhole: bool = false;
  error: i32 = 0;

  constructor(object: i32, isRaw: bool) {
    const bytes: u8[] = [];
    let isEscaped = false;
    while (true) {
      const byte = object >= 0 ? readByte(object) : -1;
      if (byte < -1) this.error = byte;
      if (byte < 0) break;
      if (isEscaped) {
        isEscaped = false;
        if (byte === 0x0a) continue;
        // U+FFFF, as it is in a file
        bytes.push(0xef);
        bytes.push(0xbf);
        bytes.push(0xbf);
        bytes.push(<u8>byte);
      } else if (byte === 0x5c && !isRaw) isEscaped = true;
      else if (byte === 0x0a) {
        this.isWhole = true;
        break;
      } else bytes.push(<u8>byte);
    }
    this.text = textOfBytes(bytes);
  }
}

class Splitter {
  private position: i32 = 0;

  constructor(
    private text: string,
    private separators: string,
  ) {
    this.skipBlanks();
  }

  field(): string {
    const start = this.position;
    while (this.position < this.text.length && !this.isSeparator(this.position)) this.step();
    const value = unprotected(this.text.substring(start, this.position));
    this.skipSeparator();
    return value;
  }

  /** Without blanks at its end; without its separator, if it is one field only. */
  rest(): string {
    const start = this.position;
    let end = this.text.length;
    while (end > start && this.isBlank(end - 1) && !this.isProtected(end - 1)) end--;
    while (this.position < end && !this.isSeparator(this.position)) this.step();
    const fieldEnd = this.position;
    this.skipSeparator();
    return unprotected(this.text.substring(start, this.position >= end ? fieldEnd : end));
  }

  private step(): void {
    this.position += this.text.charCodeAt(this.position) === PROTECT ? 2 : 1;
  }

  private isProtected(at: i32): bool {
    return at > 0 && this.text.charCodeAt(at - 1) === PROTECT;
  }

  private isSeparator(at: i32): bool {
    return this.separators.indexOf(this.text.charAt(at)) >= 0;
  }

  private isBlank(at: i32): bool {
    return at < this.text.length && this.text.charCodeAt(at) <= 0x20 && this.isSeparator(at);
  }

  private skipBlanks(): void {
    while (this.isBlank(this.position)) this.position++;
  }

  /** Blanks, one other, and blanks. */
  private skipSeparator(): void {
    this.skipBlanks();
    if (this.position < this.text.length && this.isSeparator(this.position)) this.position++;
    else return;
    this.skipBlanks();
  }
}

function unprotected(text: string): string {
  return text.replaceAll('\uffff', '');
}
