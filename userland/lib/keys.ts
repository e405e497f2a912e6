/**
 * Keys from the bytes that a terminal sends: characters as themselves, others by name.
 *
 *     const key = decoder.feed(byte);      '' until the key is whole
 *
 *     Enter Tab Backspace Delete Insert Up Down Left Right Home End PageUp PageDown Escape
 *     C-a … with Control · M-b … with Alt, or behind Escape · C-Left, M-Right, S-Up … arrows and the like with those
 *
 * Escape alone is known by a second one only: a terminal sends the same byte to begin all the others.
 */

const ESCAPE: i32 = 0x1b;

/** By the number in `ESC [ n ~`. */
const NUMBERED: StaticArray<string> = [
  '',
  'Home',
  'Insert',
  'Delete',
  'End',
  'PageUp',
  'PageDown',
  'Home',
  'End',
];
/** By the letter in `ESC [ A` and `ESC O A`. */
const LETTERS = 'ABCDHFZ';
const LETTERED: StaticArray<string> = ['Up', 'Down', 'Right', 'Left', 'Home', 'End', 'S-Tab'];
const ENTER: i32 = 13;
const TAB: i32 = 9;
const BACKSPACE: i32 = 8;
const DELETE: i32 = 0x7f;

export class KeyDecoder {
  /** What has come of a key that is not whole: an escape sequence, or a character's first bytes. */
  private sequence: string = '';
  private code: i32 = 0;
  private missing: i32 = 0;

  feed(byte: i32): string {
    if (this.missing > 0) return this.continueCharacter(byte);
    if (this.sequence !== '') return this.continueSequence(byte);
    if (byte === ESCAPE) {
      this.sequence = '\x1b';
      return '';
    }
    return this.begin(byte);
  }

  private begin(byte: i32): string {
    if (byte === ENTER || byte === 10) return 'Enter';
    if (byte === TAB) return 'Tab';
    if (byte === DELETE || byte === BACKSPACE) return 'Backspace';
    if (byte < 0x20) return 'C-' + String.fromCharCode(byte + (byte === 0 || byte > 26 ? 0x40 : 0x60));
    if (byte < 0x80) return String.fromCharCode(byte);
    this.missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : byte >= 0xc0 ? 1 : 0;
    this.code = byte & (0x3f >> this.missing);
    return this.missing === 0 ? '\ufffd' : '';
  }

  private continueCharacter(byte: i32): string {
    if ((byte & 0xc0) !== 0x80) {
      this.missing = 0;
      return '\ufffd';
    }
    this.code = (this.code << 6) | (byte & 0x3f);
    this.missing--;
    return this.missing === 0 ? String.fromCodePoint(min(this.code, 0x10_ffff)) : '';
  }

  /** `ESC x`, `ESC O letter`, `ESC [ numbers letter`. */
  private continueSequence(byte: i32): string {
    if (this.sequence === '\x1b' && byte !== 0x5b && byte !== 0x4f) {
      this.sequence = '';
      if (byte === ESCAPE) return 'Escape';
      const key = this.begin(byte);
      return key.startsWith('C-') ? 'M-' + key : key === '' ? '' : 'M-' + key;
    }
    this.sequence += String.fromCharCode(byte);
    const isFirst = this.sequence.length === 2;
    if (isFirst || (byte >= 0x20 && byte < 0x40)) return '';
    const sequence = this.sequence;
    this.sequence = '';
    return named(sequence);
  }
}

/** The key of a whole sequence; one that nobody knows is `Unknown`. */
function named(sequence: string): string {
  const letter = sequence.charAt(sequence.length - 1);
  const numbers = sequence.substring(2, sequence.length - 1).split(';');
  const modifier = numbers.length > 1 ? <i32>parseInt(numbers[1], 10) - 1 : 0;
  let name = '';
  if (letter === '~') {
    const number = numbers[0] === '' ? 0 : <i32>parseInt(numbers[0], 10);
    if (number > 0 && number < NUMBERED.length) name = NUMBERED[number];
  } else {
    const index = LETTERS.indexOf(letter);
    if (index >= 0) name = LETTERED[index];
  }
  if (name === '') return 'Unknown';
  if ((modifier & 4) !== 0) return 'C-' + name;
  if ((modifier & 2) !== 0) return 'M-' + name;
  return (modifier & 1) !== 0 ? 'S-' + name : name;
}

/** Whether the key is a character to put in. */
export function isCharacter(key: string): bool {
  return key.length === 1 || (key.length === 2 && (key.charCodeAt(0) & 0xfc00) === 0xd800);
}
