/**
 * Names and values as messages show them.
 *
 *     quoted('a b')     'a b'    a file's name, so that it could be typed
 *     marked('x')       ‘x’      a word of the command line
 */

export function quoted(name: string): string {
  return name.indexOf("'") < 0 ? `'${name}'` : `"${name}"`;
}

export function marked(word: string): string {
  return `‘${word}’`;
}
