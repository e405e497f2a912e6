/**
 * Texts.
 *
 *     isAt('abc', 'bc', 1)    whether the piece is there; no text is made for the answer
 *     trimmed('   a ')        without blanks at its ends: AssemblyScript's own trim leaves some where they are
 *                             more than half of the text (0.28, std/assembly/string.ts)
 */

export function isAt(text: string, piece: string, position: i32): bool {
  if (position < 0 || position + piece.length > text.length) return false;
  for (let i = 0; i < piece.length; i++) {
    if (text.charCodeAt(position + i) !== piece.charCodeAt(i)) return false;
  }
  return true;
}

export function trimmed(text: string): string {
  return text.trimEnd().trimStart();
}
