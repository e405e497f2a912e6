/**
 * NAME
 *     edit: change a text file on the screen
 * SYNOPSIS
 *     edit [+LINE] [FILE]
 * DESCRIPTION
 *     Arrows, Home, End, PageUp, PageDown, ^A, ^E and Control with arrows move; what is typed goes in at the cursor.
 *
 *     ^S save     ^F find, ^N the next    ^K cut the line       ^Z undo      ^G go to a line
 *     ^Q quit     ^R replace              ^V put it back        ^L redraw    ^D delete here
 *
 *     A file is written beside the old one first and then takes its name, so that there is always a whole one.
 *     The text may be any bytes; those that are no UTF-8 stay as they are.
 * SEE ALSO
 *     sed, cat
 */
import { complain, complainOf } from '../lib/complaint.ts';
import { standardInput } from '../lib/file.ts';
import { isCharacter, KeyDecoder } from '../lib/keys.ts';
import { readObject } from '../lib/object.ts';
import { Options, parseNumber } from '../lib/options.ts';
import { flushOutput } from '../lib/output.ts';
import { attributesOf, setAttributes, setRaw, windowOf } from '../lib/terminal.ts';
import { loadDocument, saveDocument } from './disk.ts';
import { Document } from './document.ts';
import { Prompt } from './prompt.ts';
import { View } from './view.ts';

const HELP = '^S save  ^Q quit  ^F find  ^R replace  ^K cut  ^V paste  ^Z undo  ^G line';

export function main(): i32 {
  const options = new Options('edit [+LINE] [FILE]', '+');
  options.next();
  const names = options.operands;
  let line = 0;
  if (names.length > 0 && names[0].startsWith('+')) line = <i32>parseNumber(names.shift().substring(1)) - 1;
  options.allow(1);
  const input = standardInput();
  const mode = attributesOf(input);
  if (mode === null) {
    complain('standard input is not a terminal');
    return 1;
  }
  const path = names.length > 0 ? names[0] : '';
  const document = new Document();
  const error = path === '' ? 0 : loadDocument(document, path);
  if (error < 0) {
    complainOf(path, error);
    return 1;
  }
  setRaw(input, mode);
  const editor = new Editor(document, path, new View(windowOf(input)));
  editor.goTo(line);
  editor.run();
  setAttributes(input, mode);
  return 0;
}

class Editor {
  private decoder: KeyDecoder = new KeyDecoder();
  private message: string = HELP;
  private wanted: string = '';
  private buffer: usize = heap.alloc(1);
  private isOver: bool = false;

  constructor(
    private document: Document,
    private path: string,
    private view: View,
  ) {}

  goTo(line: i32): void {
    this.document.moveTo(max(0, line), 0);
  }

  run(): void {
    while (!this.isOver) {
      this.view.draw(this.document, this.title, this.message);
      flushOutput();
      const key = this.nextKey();
      if (key === '') break;
      this.message = HELP;
      this.act(key);
    }
    this.view.leave();
    flushOutput();
  }

  private get title(): string {
    return (this.path === '' ? '[no name]' : this.path) + (this.document.isChanged ? ' *' : '');
  }

  /** '' at the end of the input. */
  private nextKey(): string {
    while (true) {
      const count = readObject(standardInput(), this.buffer, 1);
      if (count < 0) continue;
      if (count === 0) return '';
      const key = this.decoder.feed(load<u8>(this.buffer));
      if (key !== '') return key;
    }
  }

  private act(key: string): void {
    if (isCharacter(key)) this.document.insert(key);
    else if (this.move(key)) return;
    else if (key === 'Enter') this.document.breakLine();
    else if (key === 'Tab') this.document.insert('\t');
    else if (key === 'Backspace') this.document.eraseBefore();
    else if (key === 'Delete' || key === 'C-d') this.document.eraseAfter();
    else if (key === 'C-k') this.document.cutLine();
    else if (key === 'C-v' || key === 'C-y') this.document.paste();
    else if (key === 'C-z') this.message = this.document.undo() ? HELP : 'Nothing to undo';
    else if (key === 'C-s' || key === 'C-o') this.save();
    else if (key === 'C-q' || key === 'C-x') this.quit();
    else if (key === 'C-f' || key === 'C-w') this.find();
    else if (key === 'C-n') this.findNext();
    else if (key === 'C-r') this.replace();
    else if (key === 'C-g') this.askLine();
    else if (key === 'C-l') this.view.forget(windowOf(standardInput()));
    else this.message = `${key} means nothing here`;
  }

  /** False where the key moves nothing. */
  private move(key: string): bool {
    const document = this.document;
    if (key === 'Left' || key === 'C-b') document.left();
    else if (key === 'Right') document.right();
    else if (key === 'Up' || key === 'C-p') document.vertical(-1);
    else if (key === 'Down') document.vertical(1);
    else if (key === 'PageUp') document.vertical(-this.view.textRows);
    else if (key === 'PageDown') document.vertical(this.view.textRows);
    else if (key === 'Home' || key === 'C-a') document.moveTo(document.line, 0);
    else if (key === 'End' || key === 'C-e') document.moveTo(document.line, i32.MAX_VALUE);
    else if (key === 'C-Home' || key === 'M-<') document.moveTo(0, 0);
    else if (key === 'C-End' || key === 'M->') document.moveTo(i32.MAX_VALUE, i32.MAX_VALUE);
    else if (key === 'C-Left' || key === 'M-b') document.wordLeft();
    else if (key === 'C-Right' || key === 'M-f') document.wordRight();
    else return false;
    return true;
  }

  /** What a person answers; null where he gives up. */
  private ask(question: string, answer: string): string | null {
    const prompt = new Prompt(question, answer);
    while (true) {
      this.view.draw(this.document, this.title, prompt.shown);
      this.view.placeCursor(prompt.column);
      flushOutput();
      const key = this.nextKey();
      if (key === 'Enter') return prompt.answer;
      if (key === '' || key === 'C-c' || key === 'C-g' || key === 'Escape') {
        this.message = 'Cancelled';
        return null;
      }
      prompt.take(key);
    }
  }

  private save(): void {
    if (this.path === '') {
      const name = this.ask('File name: ', '');
      if (name === null || name === '') return;
      this.path = name;
    }
    this.message = saveDocument(this.document, this.path);
  }

  private quit(): void {
    if (this.document.isChanged) {
      const answer = this.ask('Save the changes? (y/n) ', '');
      if (answer === null) return;
      if (answer.startsWith('y')) {
        this.save();
        if (this.document.isChanged) return;
      } else if (!answer.startsWith('n')) return;
    }
    this.isOver = true;
  }

  private find(): void {
    const text = this.ask('Find: ', this.wanted);
    if (text === null || text === '') return;
    this.wanted = text;
    this.findNext();
  }

  private findNext(): void {
    if (this.wanted === '') this.message = 'Nothing to find';
    else if (!this.document.find(this.wanted)) this.message = `Not found: ${this.wanted}`;
  }

  private replace(): void {
    const text = this.ask('Replace: ', this.wanted);
    if (text === null || text === '') return;
    this.wanted = text;
    const other = this.ask(`Replace ${text} with: `, '');
    if (other === null) return;
    const count = this.document.replaceAll(text, other);
    this.message = count === 1 ? 'Replaced once' : `Replaced ${count} times`;
  }

  private askLine(): void {
    const answer = this.ask('Line: ', '');
    if (answer === null) return;
    const line = parseNumber(answer);
    if (line > 0) this.goTo(<i32>line - 1);
    else this.message = `Not a line: ${answer}`;
  }
}
