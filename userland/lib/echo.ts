/**
 * What `echo` writes: its arguments with blanks between them, a newline unless the first is `-n`.
 *
 * Escapes are those of X/Open: \a \b \c (nothing more, no newline) \f \n \r \t \v \\ \0nnn.
 */
import { readEscape } from './escape.ts';

/** `args[0]` is the command's name. */
export function echoText(args: string[]): string {
  const isBare = args.length > 1 && args[1] === '-n';
  const text = args.slice(isBare ? 2 : 1).join(' ');
  if (text.indexOf('\\') < 0) return isBare ? text : text + '\n';
  const unescaped = new Unescaped(text);
  return unescaped.isCut || isBare ? unescaped.text : unescaped.text + '\n';
}

/** A text with the escapes of echo and of printf's %b replaced; `\c` cuts it off. */
export class Unescaped {
  text: string = '';
  isCut: bool = false;

  constructor(source: string) {
    let start = 0;
    while (!this.isCut) {
      const at = source.indexOf('\\', start);
      if (at < 0 || at + 1 === source.length) break;
      this.text += source.substring(start, at);
      const letter = source.charAt(at + 1);
      if (letter === 'c') {
        this.isCut = true;
        start = source.length;
        break;
      }
      start = at + 2;
      if (letter === '0') {
        let value = 0;
        while (start < source.length && start < at + 5 && isOctalDigit(source.charCodeAt(start))) {
          value = value * 8 + source.charCodeAt(start++) - 0x30;
        }
        this.text += String.fromCharCode(value & 0xff);
      } else if ('abfnrtv\\'.indexOf(letter) >= 0) this.text += readEscape(source, at).text;
      else this.text += '\\' + letter;
    }
    this.text += source.substring(start);
  }
}

function isOctalDigit(code: i32): bool {
  return code >= 0x30 && code <= 0x37;
}
