/**
 * What a console's bytes say, without how they say it: UTF-8 decoded, escape sequences (ECMA-48: CSI, OSC
 * and two-character ones) and control characters but tab and newline left out. Takes the bytes in pieces
 * of any size.
 */
type Place = 'ground' | 'escape' | 'control' | 'string' | 'stringEscape';

const ESCAPE = '\x1b';
const BELL = '\x07';

export class PlainText {
  text = '';
  private readonly decoder = new TextDecoder();
  private place: Place = 'ground';

  add(bytes: Uint8Array): void {
    let plain = '';
    for (const character of this.decoder.decode(bytes, { stream: true })) {
      if (this.place === 'ground' && isShown(character)) plain += character;
      else this.place = next(this.place, character);
    }
    this.text += plain;
  }
}

function isShown(character: string): boolean {
  return character >= ' ' ? character !== '\x7f' : character === '\n' || character === '\t';
}

function next(place: Place, character: string): Place {
  switch (place) {
    case 'ground':
      return character === ESCAPE ? 'escape' : 'ground';
    case 'escape':
      if (character === '[') return 'control';
      if (character === ']' || character === 'P') return 'string';
      return character >= ' ' && character <= '/' ? 'escape' : 'ground';
    case 'control':
      return character >= '@' && character <= '~' ? 'ground' : 'control';
    case 'string':
      if (character === BELL) return 'ground';
      return character === ESCAPE ? 'stringEscape' : 'string';
    case 'stringEscape':
      return 'ground';
  }
}
