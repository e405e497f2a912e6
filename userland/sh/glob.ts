/**
 * File names that match a pattern, in order. A name that begins with a dot is matched only by a pattern that
 * does; a slash only by a slash.
 */

import { KIND_DIRECTORY } from '../../os/abi/file.ts';
import { hasWildcards, matches, unescapePattern } from '../lib/pattern.ts';
import { directoryNames, fileKind } from './system.ts';

export function fileNames(pattern: string): string[] {
  const pieces = pattern.split('/');
  let found: string[] = [''];
  for (let i = 0; i < pieces.length; i++) {
    const isLast = i + 1 === pieces.length;
    const next: string[] = [];
    for (let k = 0; k < found.length; k++) addMatches(found[k], pieces[i], isLast, next);
    found = next;
  }
  return found.sort();
}

/** `prefix` is '' or ends with a slash. */
function addMatches(prefix: string, piece: string, isLast: bool, into: string[]): void {
  const end = isLast ? '' : '/';
  if (piece === '') {
    into.push(prefix + end);
    return;
  }
  if (!hasWildcards(piece)) {
    const path = prefix + unescapePattern(piece);
    const kind = fileKind(path);
    if (kind === KIND_DIRECTORY || (isLast && kind > 0)) into.push(path + end);
    return;
  }
  const names = directoryNames(prefix === '' ? '.' : prefix);
  for (let i = 0; i < names.length; i++) {
    const name = names[i];
    if (name.startsWith('.') && !unescapePattern(piece).startsWith('.')) continue;
    if (!matches(piece, name)) continue;
    if (!isLast && fileKind(prefix + name) !== KIND_DIRECTORY) continue;
    into.push(prefix + name + end);
  }
}
