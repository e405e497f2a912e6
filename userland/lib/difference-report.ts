/**
 * Differences of two texts as diff shows them: one after the other as commands for an editor (2,3c5), or
 * unified, with lines around that are the same.
 *
 *     showPlainly(old, fresh, changes)
 *     showUnified(old, fresh, changes, 3)     behind its two head lines
 */
import type { Change } from './difference.ts';
import { print } from './output.ts';

/** A file's lines, and whether the last one has a newline. */
export class Lines {
  isEnded: bool = true;
  texts: string[] = [];
}

const UNENDED = '\n\\ No newline at end of file\n';

export function showPlainly(old: Lines, fresh: Lines, changes: Change[]): void {
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index];
    const isAddition = change.oldStart === change.oldEnd;
    const isRemoval = change.newStart === change.newEnd;
    const letter = isAddition ? 'a' : isRemoval ? 'd' : 'c';
    print(`${rangeOf(change.oldStart, change.oldEnd)}${letter}${rangeOf(change.newStart, change.newEnd)}\n`);
    showLines(old, change.oldStart, change.oldEnd, '< ');
    if (letter === 'c') print('---\n');
    showLines(fresh, change.newStart, change.newEnd, '> ');
  }
}

/** Counted from 1; nothing is behind the line before. */
function rangeOf(start: i32, end: i32): string {
  if (end - start > 1) return `${start + 1},${end}`;
  return end.toString();
}

function showLines(lines: Lines, start: i32, end: i32, mark: string): void {
  for (let line = start; line < end; line++) {
    const isUnended = line === lines.texts.length - 1 && !lines.isEnded;
    print(mark + lines.texts[line] + (isUnended ? UNENDED : '\n'));
  }
}

/** Changes with no more than twice `around` lines between them are shown together. */
export function showUnified(old: Lines, fresh: Lines, changes: Change[], around: i32): void {
  for (let first = 0; first < changes.length; ) {
    let last = first;
    while (last + 1 < changes.length && changes[last + 1].oldStart - changes[last].oldEnd <= 2 * around)
      last++;
    showHunk(old, fresh, changes.slice(first, last + 1), around);
    first = last + 1;
  }
}

function showHunk(old: Lines, fresh: Lines, changes: Change[], around: i32): void {
  const first = changes[0];
  const last = changes[changes.length - 1];
  const before = min(around, first.oldStart);
  const behind = min(around, old.texts.length - last.oldEnd);
  const oldRange = spanOf(first.oldStart - before, last.oldEnd + behind);
  const newRange = spanOf(first.newStart - before, last.newEnd + behind);
  print(`@@ -${oldRange} +${newRange} @@\n`);
  let line = first.oldStart - before;
  for (let index = 0; index < changes.length; index++) {
    const change = changes[index];
    showLines(old, line, change.oldStart, ' ');
    showLines(old, change.oldStart, change.oldEnd, '-');
    showLines(fresh, change.newStart, change.newEnd, '+');
    line = change.oldEnd;
  }
  showLines(old, line, last.oldEnd + behind, ' ');
}

function spanOf(start: i32, end: i32): string {
  const count = end - start;
  if (count === 1) return end.toString();
  return `${count === 0 ? start : start + 1},${count}`;
}
