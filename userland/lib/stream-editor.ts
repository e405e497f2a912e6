/**
 * sed at work: lines go through the commands of a script, with a second space to hold text in.
 *
 *     const status = editing.run(script, ['file', '-']);      the exit status
 */

import { OPEN_CREATE, OPEN_READ, OPEN_TRUNCATE, OPEN_WRITE } from '../../os/abi/file.ts';
import { complain } from './complaint.ts';
import { errorText } from './error.ts';
import { closeFile, openFile, standardInput } from './file.ts';
import { Input } from './input.ts';
import { renameFile } from './link.ts';
import { Output, standardOutput } from './output.ts';
import type { RegularExpression } from './regular-expression.ts';
import { statusOf } from './status.ts';
import {
  type Address,
  BY_COUNT,
  BY_LAST,
  BY_LINE,
  BY_PATTERN,
  BY_STEP,
  type Command,
  NO_ADDRESS,
  type StreamScript,
} from './stream-script.ts';

const MODE: u32 = 0o666;
/** The exit status where a FILE could not be read. */
const MISSED: i32 = 2;
const LINE_WIDTH: i32 = 69;

/** What comes after a command, if it is no place in the list: the next one, … */
const GO_ON: i32 = -1;
/** … the next line without writing this one, … */
const DROP: i32 = -2;
/** … the first command again, with what is left of the space, … */
const AGAIN: i32 = -3;
/** … or nothing any more. */
const STOP: i32 = -4;

export class Editing {
  private isQuiet: bool = false;
  private isSeparate: bool = false;
  private newline: string = '\n';
  private changesFiles: bool = false;
  private suffix: string = '';

  private commands: Command[] = [];
  private names: string[] = [];
  private output: Output = standardOutput();
  private input: Input | null = null;
  private name: string = '';
  private ahead: string | null = null;
  private aheadEnded: bool = false;
  private space: string = '';
  private held: string = '';
  private endedLine: bool = true;
  private owesNewline: bool = false;
  private number: i32 = 0;
  private status: i32 = 0;
  private hasSubstituted: bool = false;
  private appended: string[] = [];
  private isAppendedFile: bool[] = [];
  private fileNames: string[] = [];
  private files: Output[] = [];

  choose(letter: string): void {
    if (letter === 'n') this.isQuiet = true;
    if (letter === 's') this.isSeparate = true;
    if (letter === 'z') this.newline = '\0';
  }

  changeFiles(suffix: string): void {
    this.changesFiles = true;
    this.isSeparate = true;
    this.suffix = suffix;
  }

  run(script: StreamScript, names: string[]): i32 {
    this.commands = script.commands;
    this.names = names;
    let result = DROP;
    while (result !== STOP && (result === AGAIN || this.readLine())) result = this.cycle();
    this.leaveFile();
    for (let index = 0; index < this.files.length; index++) this.files[index].flush();
    return this.status;
  }

  /** The next line into the space; false at the end of all. */
  private readLine(): bool {
    if (this.ahead === null && !this.readAhead(true)) return false;
    const line = this.ahead;
    this.space = line === null ? '' : line;
    this.endedLine = this.aheadEnded;
    this.number++;
    this.ahead = null;
    return true;
  }

  /** The line after the next, so that it is known which is the last. */
  private readAhead(mayOpen: bool): bool {
    while (true) {
      const input = this.input;
      if (input !== null) {
        this.ahead = input.readUntil(<u8>this.newline.charCodeAt(0));
        this.aheadEnded = input.endedLine;
        if (this.ahead !== null) return true;
        if (input.error < 0) this.missed(`read error on ${this.name}`, input.error);
      }
      if (!mayOpen || !this.openNext()) return false;
    }
  }

  private missed(what: string, error: i32): void {
    complain(`${what}: ${errorText(error)}`);
    this.status = MISSED;
  }

  private openNext(): bool {
    while (this.names.length > 0) {
      this.leaveFile();
      this.name = this.names.shift();
      const isInput = this.name === '-' && !this.changesFiles;
      const handle = isInput ? <i32>standardInput() : openFile(this.name, OPEN_READ, 0);
      const isFolder = handle >= 0 && !isInput && statusOf(this.name).isDirectory();
      if (handle < 0) this.missed(`can't read ${this.name}`, handle);
      else if (isFolder) {
        complain(
          this.changesFiles
            ? `couldn't edit ${this.name}: not a regular file`
            : `read error on ${this.name}: Is a directory`,
        );
        this.status = this.changesFiles ? 4 : MISSED;
      } else {
        this.input = new Input(handle);
        if (this.isSeparate) this.number = 0;
        if (!this.changesFiles || this.startTarget()) return true;
      }
    }
    return false;
  }

  /** What -i writes to, beside the file that it reads. */
  private startTarget(): bool {
    const handle = openFile(`${this.name}.sed`, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, MODE);
    if (handle < 0) {
      this.missed(`couldn't open temporary file ${this.name}.sed`, handle);
      return false;
    }
    this.output = new Output(handle);
    return true;
  }

  private leaveFile(): void {
    const input = this.input;
    if (input === null) return;
    this.input = null;
    if (!this.changesFiles) {
      if (this.name !== '-') closeFile(input.handle);
      return;
    }
    closeFile(input.handle);
    const error = this.output.flush();
    closeFile(this.output.handle);
    if (error < 0) this.missed(`couldn't write to ${this.name}.sed`, error);
    else {
      if (this.suffix !== '') renameFile(this.name, this.name + this.suffix);
      renameFile(`${this.name}.sed`, this.name);
    }
    this.output = standardOutput();
    this.owesNewline = false;
  }

  private isLast(): bool {
    if (this.ahead !== null) return false;
    return !this.readAhead(!this.isSeparate);
  }

  /** The space through the script. */
  private cycle(): i32 {
    let index = 0;
    while (index < this.commands.length) {
      const command = this.commands[index];
      if (this.isSelected(command) === command.isNegated) {
        index = command.letter === '{' ? command.number : index + 1;
        continue;
      }
      const next = this.execute(command);
      if (next === GO_ON) index++;
      else if (next >= 0) index = next;
      else {
        this.writeAppended();
        return next;
      }
    }
    this.endCycle();
    return DROP;
  }

  private endCycle(): void {
    if (!this.isQuiet) this.write(this.space);
    this.writeAppended();
  }

  private write(text: string): void {
    this.put(text);
    if (this.endedLine) this.output.write(this.newline);
    this.owesNewline = !this.endedLine;
  }

  /** A last line that had no newline gets one if something follows. */
  private put(text: string): void {
    if (this.owesNewline) this.output.write(this.newline);
    this.owesNewline = false;
    this.output.write(text);
  }

  private writeAppended(): void {
    for (let index = 0; index < this.appended.length; index++) {
      if (!this.isAppendedFile[index]) {
        this.put(this.appended[index]);
        continue;
      }
      const handle = openFile(this.appended[index], OPEN_READ, 0);
      if (handle < 0) continue;
      this.put(new Input(handle).readAll());
      closeFile(handle);
    }
    this.appended = [];
    this.isAppendedFile = [];
  }

  private append(text: string, isFile: bool): void {
    this.appended.push(text);
    this.isAppendedFile.push(isFile);
  }

  private isSelected(command: Command): bool {
    if (command.first.kind === NO_ADDRESS) return true;
    if (command.second.kind === NO_ADDRESS) return this.isAt(command.first);
    if (command.isInside) {
      if (command.until > 0) {
        if (this.number >= command.until) command.isInside = false;
        return this.number <= command.until || this.isAt(command.first);
      }
      if (this.isAt(command.second)) command.isInside = false;
      return true;
    }
    if (!this.isAt(command.first)) return false;
    const second = command.second;
    command.until =
      second.kind === BY_LINE ? second.line : second.kind === BY_COUNT ? this.number + second.line : 0;
    command.isInside =
      second.kind === BY_PATTERN || second.kind === BY_LAST ? true : command.until > this.number;
    if (second.kind === BY_LAST && this.isLast()) command.isInside = false;
    return true;
  }

  private isAt(address: Address): bool {
    switch (address.kind) {
      case BY_LINE:
        return this.number === address.line;
      case BY_LAST:
        return this.isLast();
      case BY_STEP:
        return address.step === 0
          ? this.number === address.line
          : this.number >= address.line && (this.number - address.line) % address.step === 0;
      case BY_PATTERN: {
        const pattern = address.pattern!;
        return pattern.find(this.space, 0);
      }
      default:
        return false;
    }
  }

  /** Where to go on: a place in the list, or what becomes of the cycle. */
  private execute(command: Command): i32 {
    switch (command.letter) {
      case 's':
        this.substitute(command);
        return GO_ON;
      case 'y':
        this.exchange(command);
        return GO_ON;
      case 'p':
        this.write(this.space);
        return GO_ON;
      case 'P':
        this.put(this.firstPart() + this.newline);
        return GO_ON;
      case '=':
        this.put(`${this.number}\n`);
        return GO_ON;
      case 'l':
        this.put(shown(this.space));
        return GO_ON;
      case 'h':
        this.held = this.space;
        return GO_ON;
      case 'H':
        this.held += '\n' + this.space;
        return GO_ON;
      case 'g':
        this.space = this.held;
        return GO_ON;
      case 'G':
        this.space += '\n' + this.held;
        return GO_ON;
      case 'x': {
        const held = this.held;
        this.held = this.space;
        this.space = held;
        return GO_ON;
      }
      case 'z':
        this.space = '';
        return GO_ON;
      case 'a':
        this.append(command.text, false);
        return GO_ON;
      case 'r':
        this.append(command.file, true);
        return GO_ON;
      case 'i':
        this.put(command.text);
        return GO_ON;
      case 'w':
        this.fileOf(command.file).write(this.space + this.newline);
        return GO_ON;
      case 'b':
        return command.number;
      case 't':
      case 'T':
        return this.jumpIf(command);
      default:
        return this.end(command);
    }
  }

  private jumpIf(command: Command): i32 {
    const jumps = this.hasSubstituted === (command.letter === 't');
    this.hasSubstituted = false;
    return jumps ? command.number : GO_ON;
  }

  /** Commands that read lines, or end the cycle. */
  private end(command: Command): i32 {
    switch (command.letter) {
      case 'd':
        return DROP;
      case 'D': {
        const end = this.space.indexOf('\n');
        this.space = this.space.substring(end + 1);
        return end < 0 ? DROP : AGAIN;
      }
      case 'c':
        if (command.isNegated || !command.isInside) this.put(command.text);
        return DROP;
      case 'n':
        if (!this.isLast()) {
          this.endCycle();
          this.readLine();
          return GO_ON;
        }
        this.endCycle();
        return STOP;
      case 'N':
        return this.addLine();
      case 'q':
        this.endCycle();
        this.status = command.number;
        return STOP;
      case 'Q':
        this.status = command.number;
        return STOP;
      default:
        return GO_ON;
    }
  }

  /** Where there is no line to add, the space is written as it is. */
  private addLine(): i32 {
    if (this.isLast()) {
      this.endCycle();
      return STOP;
    }
    const before = this.space;
    this.writeAppended();
    this.readLine();
    this.space = before + '\n' + this.space;
    return GO_ON;
  }

  private substitute(command: Command): void {
    const pattern = command.pattern!;
    const space = this.space;
    let result = '';
    let copied = 0;
    let count = 0;
    let lastEnd = -1;
    let hasChanged = false;
    for (let from = 0; from <= space.length && pattern.find(space, from); ) {
      const start = pattern.start(0);
      const end = pattern.end(0);
      from = end > start ? end : end + 1;
      if (end === start && start === lastEnd) continue;
      lastEnd = end;
      if (++count < command.number) continue;
      result += space.substring(copied, start) + replacement(command.text, space, pattern);
      copied = end;
      hasChanged = true;
      if (!command.isGlobal) break;
    }
    if (!hasChanged) return;
    this.space = result + space.substring(copied);
    this.hasSubstituted = true;
    if (command.prints) this.write(this.space);
    if (command.file !== '') this.fileOf(command.file).write(this.space + this.newline);
  }

  private exchange(command: Command): void {
    let result = '';
    for (let at = 0; at < this.space.length; at++) {
      const place = command.from.indexOf(this.space.charAt(at));
      result += place < 0 ? this.space.charAt(at) : command.text.charAt(place);
    }
    this.space = result;
  }

  private firstPart(): string {
    const end = this.space.indexOf('\n');
    return end < 0 ? this.space : this.space.substring(0, end);
  }

  private fileOf(name: string): Output {
    if (name === '/dev/stdout') return this.output;
    const known = this.fileNames.indexOf(name);
    if (known >= 0) return this.files[known];
    const handle = openFile(name, OPEN_WRITE | OPEN_CREATE | OPEN_TRUNCATE, MODE);
    if (handle < 0) this.missed(`couldn't open file ${name}`, handle);
    const file = new Output(handle);
    if (handle < 0) file.error = handle;
    this.fileNames.push(name);
    this.files.push(file);
    return file;
  }
}

/** What stands for a match: & and \\1 … are parts of it; \\U, \\L, \\u, \\l and \\E change letters. */
function replacement(text: string, space: string, pattern: RegularExpression): string {
  let result = '';
  let style = '';
  let once = '';
  for (let at = 0; at < text.length; at++) {
    let piece = text.charAt(at);
    if (piece === '&') piece = space.substring(pattern.start(0), pattern.end(0));
    else if (piece === '\\' && at + 1 < text.length) {
      piece = text.charAt(++at);
      const digit = piece.charCodeAt(0) - 0x30;
      if (digit >= 0 && digit <= 9) {
        const start = pattern.start(digit);
        piece = start < 0 ? '' : space.substring(start, pattern.end(digit));
      } else if ('ULE'.indexOf(piece) >= 0) {
        style = piece === 'E' ? '' : piece;
        continue;
      } else if ('ul'.indexOf(piece) >= 0) {
        once = piece;
        continue;
      } else if (piece === 'n') piece = '\n';
      else if (piece === 't') piece = '\t';
    }
    if (piece === '') continue;
    if (style !== '') piece = style === 'U' ? piece.toUpperCase() : piece.toLowerCase();
    if (once !== '') {
      const first = piece.substring(0, 1);
      piece = (once === 'u' ? first.toUpperCase() : first.toLowerCase()) + piece.substring(1);
      once = '';
    }
    result += piece;
  }
  return result;
}

/** Unambiguously, in lines that a terminal has room for; the end is marked with a $. */
function shown(text: string): string {
  let result = '';
  let width = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const place = '\\\x07\b\f\n\r\t\v'.indexOf(text.charAt(at));
    let piece = text.charAt(at);
    if (place >= 0) piece = '\\' + '\\abfnrtv'.charAt(place);
    else if (code < 0x20 || code === 0x7f) piece = '\\' + code.toString(8).padStart(3, '0');
    if (width + piece.length > LINE_WIDTH) {
      result += '\\\n';
      width = 0;
    }
    result += piece;
    width += piece.length;
  }
  return result + '$\n';
}
