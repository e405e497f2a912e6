/**
 * From the bytes of a terminal to keys: 'a', 'enter', 'ctrl-a', 'up', 'pageup' … Sequences are those of
 * xterm and its like (ECMA-48 with xterm's modifiers left out); what is not known is one key named 'unknown',
 * so that no byte of it is mistaken for a letter.
 */
export interface Key {
  readonly name: string;
  /** The very characters, for a guest. */
  readonly text: string;
}

const ESCAPE = '\x1b';
const NAMES: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
  [ESCAPE]: 'escape',
};
const SEQUENCES: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  Z: 'shift-tab',
  '1~': 'home',
  '3~': 'delete',
  '4~': 'end',
  '5~': 'pageup',
  '6~': 'pagedown',
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: keys are made of them
const SEQUENCE = /^\x1b(?:\[([0-?]*[ -/]*[@-~])|O([A-Za-z]))/;

export function keysOf(input: string): Key[] {
  const keys: Key[] = [];
  for (let rest = input; rest !== ''; ) {
    const key = firstKey(rest);
    keys.push(key);
    rest = rest.slice(key.text.length);
  }
  return keys;
}

function firstKey(input: string): Key {
  const sequence = SEQUENCE.exec(input);
  if (sequence !== null)
    return { name: SEQUENCES[sequence[1] ?? sequence[2]!] ?? 'unknown', text: sequence[0] };
  const character = String.fromCodePoint(input.codePointAt(0)!);
  const name = NAMES[character];
  if (name !== undefined) return { name, text: character };
  if (character < ' ')
    return { name: `ctrl-${String.fromCharCode(character.charCodeAt(0) + 96)}`, text: character };
  return { name: character, text: character };
}
