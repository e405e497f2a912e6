/**
 * Kinds of files in words and letters: "regular file", -, "directory", d, and so on; and modes as ls shows them.
 *
 *     kindText(KIND_FILE)             'regular file'
 *     modeText(KIND_DIRECTORY, 0o755)  'drwxr-xr-x'
 */
import { KIND_DEVICE, KIND_DIRECTORY, KIND_FILE, KIND_PIPE, KIND_SYMBOLIC_LINK } from '../../os/abi/file.ts';

export function kindText(kind: u32): string {
  switch (kind) {
    case KIND_FILE:
      return 'regular file';
    case KIND_DIRECTORY:
      return 'directory';
    case KIND_SYMBOLIC_LINK:
      return 'symbolic link';
    case KIND_DEVICE:
      return 'character special file';
    case KIND_PIPE:
      return 'fifo';
    default:
      return 'weird file';
  }
}

export function kindLetter(kind: u32): string {
  switch (kind) {
    case KIND_FILE:
      return '-';
    case KIND_DIRECTORY:
      return 'd';
    case KIND_SYMBOLIC_LINK:
      return 'l';
    case KIND_DEVICE:
      return 'c';
    case KIND_PIPE:
      return 'p';
    default:
      return '?';
  }
}

export function modeText(kind: u32, mode: u32): string {
  let text = kindLetter(kind);
  for (let shift = 6; shift >= 0; shift -= 3) {
    const bits = mode >> shift;
    const isSpecial = ((mode >> 9) & (4 >> ((6 - shift) / 3))) !== 0;
    text += (bits & 4) !== 0 ? 'r' : '-';
    text += (bits & 2) !== 0 ? 'w' : '-';
    if (!isSpecial) text += (bits & 1) !== 0 ? 'x' : '-';
    else if (shift > 0) text += (bits & 1) !== 0 ? 's' : 'S';
    else text += (bits & 1) !== 0 ? 't' : 'T';
  }
  return text;
}
