/**
 * Field splitting: pieces of expanded text come in one after the other, fields come out.
 *
 * A field has two forms: its text, and the pattern by which it is looked up among files, where what was
 * quoted is escaped. The characters of IFS split only what came of an expansion outside quotes; blanks among
 * them together with at most one other are one separator.
 */
import { escapePattern } from '../lib/pattern.ts';

export class Field {
  constructor(
    public text: string,
    public pattern: string,
  ) {}
}

export class Fields {
  done: Field[] = [];
  private text: string = '';
  private pattern: string = '';
  /** Whether there is a field, be it empty. */
  private isStarted: bool = false;
  /** A blank has ended a field: a separator that follows belongs to it. */
  private isBehindBlank: bool = false;

  /** Where `isWhole`, all is one field, and joins what "$@" would part. */
  constructor(
    public separators: string,
    public isWhole: bool,
  ) {}

  addQuoted(text: string): void {
    this.isStarted = true;
    this.isBehindBlank = false;
    this.text += text;
    this.pattern += escapePattern(text);
  }

  /** Unquoted text of the program itself. */
  addLiteral(text: string): void {
    if (text === '') return;
    this.isStarted = true;
    this.isBehindBlank = false;
    this.text += text;
    this.pattern += text;
  }

  /** What an unquoted expansion gave. */
  addExpansion(text: string): void {
    if (this.isWhole || this.separators === '') {
      this.addLiteral(text);
      return;
    }
    this.isBehindBlank = false;
    let start = 0;
    for (let i = 0; i < text.length; i++) {
      if (this.separators.indexOf(text.charAt(i)) < 0) continue;
      this.addLiteral(text.substring(start, i));
      this.separate(text.charCodeAt(i) <= 0x20);
      start = i + 1;
    }
    this.addLiteral(text.substring(start));
  }

  /** Ends the field, if there is one: between the elements of "$@". */
  part(): void {
    if (this.isStarted) this.end();
    this.isBehindBlank = false;
  }

  finished(): Field[] {
    if (this.isStarted) this.end();
    return this.done;
  }

  /** The only field of what is whole; '' where nothing came. */
  get only(): Field {
    return new Field(this.text, this.pattern);
  }

  private separate(isBlank: bool): void {
    if (isBlank) {
      if (!this.isStarted) return;
      this.end();
      this.isBehindBlank = true;
    } else if (this.isBehindBlank) this.isBehindBlank = false;
    else this.end();
  }

  private end(): void {
    this.done.push(new Field(this.text, this.pattern));
    this.text = '';
    this.pattern = '';
    this.isStarted = false;
  }
}
