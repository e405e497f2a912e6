/**
 * A shell's state as text, from which a subshell begins: there is no fork, so that it is told everything.
 *
 * The text is a row of items, `length:text`; counted ones are preceded by their number. Written and read
 * in the same order: name, status, process number, last background process, line, options, whether a failure
 * is a condition, how many loops are around, positional parameters, variables, functions as text, aliases, ignored signals, the commands.
 */
import { Lexer } from './lexer.ts';
import { Parser } from './parser.ts';
import { printCommand } from './print.ts';
import type { Shell } from './shell.ts';

/** Marks of a variable. */
const EXPORTED: i32 = 1;
const READ_ONLY: i32 = 2;
const SET: i32 = 4;

class Writer {
  private items: string[] = [];

  text(item: string): void {
    this.items.push(item.length.toString() + ':' + item);
  }

  number(value: i32): void {
    this.text(value.toString());
  }

  texts(items: string[]): void {
    this.number(items.length);
    for (let i = 0; i < items.length; i++) this.text(items[i]);
  }

  get whole(): string {
    return this.items.join('');
  }
}

class Reader {
  private position: i32 = 0;
  constructor(private source: string) {}

  text(): string {
    const colon = this.source.indexOf(':', this.position);
    const size = <i32>parseInt(this.source.substring(this.position, colon), 10);
    this.position = colon + 1 + size;
    return this.source.substring(colon + 1, this.position);
  }

  number(): i32 {
    return <i32>parseInt(this.text(), 10);
  }

  texts(): string[] {
    const items: string[] = [];
    for (let count = this.number(); count > 0; count--) items.push(this.text());
    return items;
  }
}

export function stateOf(shell: Shell, commands: string): string {
  const writer = new Writer();
  writer.text(shell.name);
  writer.number(shell.status);
  writer.number(shell.processId);
  writer.number(shell.lastBackground);
  writer.number(shell.line);
  writer.text(shell.options.letters);
  writer.number(shell.conditionDepth);
  writer.number(shell.loopDepth);
  writer.texts(shell.positional);
  writeVariables(shell, writer);
  const functions = shell.functions.keys();
  writer.number(functions.length);
  for (let i = 0; i < functions.length; i++) {
    writer.text(functions[i]);
    writer.text(printCommand(shell.functions.get(functions[i])));
  }
  writeAliases(shell, writer);
  writeIgnored(shell, writer);
  writer.text(commands);
  return writer.whole;
}

/** Takes the state over; the commands. */
export function restoreState(shell: Shell, source: string): string {
  const reader = new Reader(source);
  shell.isSubshell = true;
  shell.name = reader.text();
  shell.status = reader.number();
  shell.processId = reader.number();
  shell.lastBackground = reader.number();
  shell.line = reader.number();
  const letters = reader.text();
  // a subshell has neither a prompt nor job control of its own
  for (let i = 0; i < letters.length; i++) {
    if (letters.charAt(i) !== 'i' && letters.charAt(i) !== 'm') shell.options.set(letters.charAt(i), true);
  }
  shell.conditionDepth = reader.number();
  shell.loopDepth = reader.number();
  shell.positional = reader.texts();
  readVariables(shell, reader);
  for (let count = reader.number(); count > 0; count--) {
    const name = reader.text();
    const parser = new Parser(new Lexer(reader.text(), 1), new Map<string, string>());
    const list = parser.completeCommand();
    if (list !== null) shell.functions.set(name, list.commands[0]);
  }
  for (let count = reader.number(); count > 0; count--) {
    const name = reader.text();
    shell.aliases.set(name, reader.text());
  }
  for (let count = reader.number(); count > 0; count--) shell.traps.set(reader.number(), '');
  return reader.text();
}

function writeVariables(shell: Shell, writer: Writer): void {
  const names = shell.variables.names();
  writer.number(names.length);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    let marks = shell.variables.isExported(name) ? EXPORTED : 0;
    if (shell.variables.isReadOnly(name)) marks |= READ_ONLY;
    if (shell.variables.has(name)) marks |= SET;
    writer.text(name);
    writer.number(marks);
    writer.text(shell.variables.get(name));
  }
}

function readVariables(shell: Shell, reader: Reader): void {
  for (let count = reader.number(); count > 0; count--) {
    const name = reader.text();
    const marks = reader.number();
    const value = reader.text();
    if ((marks & SET) !== 0) shell.variables.set(name, value);
    if ((marks & EXPORTED) !== 0) shell.variables.setExported(name, true);
    if ((marks & READ_ONLY) !== 0) shell.variables.setReadOnly(name);
  }
}

function writeAliases(shell: Shell, writer: Writer): void {
  const names = shell.aliases.keys();
  writer.number(names.length);
  for (let i = 0; i < names.length; i++) {
    writer.text(names[i]);
    writer.text(shell.aliases.get(names[i]));
  }
}

function writeIgnored(shell: Shell, writer: Writer): void {
  const signals = shell.traps.actions.keys();
  const ignored: string[] = [];
  for (let i = 0; i < signals.length; i++) {
    if (shell.traps.actions.get(signals[i]) === '') ignored.push(signals[i].toString());
  }
  writer.texts(ignored);
}
