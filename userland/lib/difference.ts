/**
 * How one sequence of lines becomes another by the fewest lines taken out and put in: Myers, "An O(ND)
 * difference algorithm and its variations" (1986), in linear space by way of the middle snake.
 *
 *     const changes = changesOf(idsOf(a), idsOf(b));     in order; lines of a from..to become those of b
 *
 * Where a change could lie in several places it lies at the last one, as people are used to.
 */

/** Lines `oldStart` … before `oldEnd` become `newStart` … before `newEnd`; one of both may be nothing. */
export class Change {
  constructor(
    public oldStart: i32,
    public oldEnd: i32,
    public newStart: i32,
    public newEnd: i32,
  ) {}
}

/** Equal lines have equal numbers. */
let old: i32[] = [];
let fresh: i32[] = [];
let isRemoved: bool[] = [];
let isAdded: bool[] = [];
/** The furthest reaching ends by diagonal, from the start and from the end; index 0 is diagonal −offset. */
let forward: i32[] = [];
let backward: i32[] = [];
let offset: i32 = 0;

export function changesOf(oldLines: i32[], newLines: i32[]): Change[] {
  old = oldLines;
  fresh = newLines;
  isRemoved = new Array<bool>(old.length + 1).fill(false);
  isAdded = new Array<bool>(fresh.length + 1).fill(false);
  offset = fresh.length + 1;
  forward = new Array<i32>(old.length + fresh.length + 3).fill(0);
  backward = new Array<i32>(old.length + fresh.length + 3).fill(0);
  compare(0, old.length, 0, fresh.length);
  return settled(marked());
}

function compare(oldStart: i32, oldEnd: i32, newStart: i32, newEnd: i32): void {
  while (oldStart < oldEnd && newStart < newEnd && old[oldStart] === fresh[newStart]) {
    oldStart++;
    newStart++;
  }
  while (oldStart < oldEnd && newStart < newEnd && old[oldEnd - 1] === fresh[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  if (oldStart === oldEnd) {
    for (let line = newStart; line < newEnd; line++) isAdded[line] = true;
  } else if (newStart === newEnd) {
    for (let line = oldStart; line < oldEnd; line++) isRemoved[line] = true;
  } else {
    const middle = middleOf(oldStart, oldEnd, newStart, newEnd);
    const oldMiddle = middleOld;
    compare(oldStart, oldMiddle, newStart, middle);
    compare(oldMiddle, oldEnd, middle, newEnd);
  }
}

/** The part that is being divided: its corners, and the diagonals of the first and of the last. */
let oldFirst: i32 = 0;
let oldLast: i32 = 0;
let newFirst: i32 = 0;
let newLast: i32 = 0;
let first: i32 = 0;
let last: i32 = 0;
let middleOld: i32 = 0;

/** → the new line, with the old one in `middleOld`, where a shortest way passes halfway: neither corner. */
function middleOf(oldStart: i32, oldEnd: i32, newStart: i32, newEnd: i32): i32 {
  oldFirst = oldStart;
  oldLast = oldEnd;
  newFirst = newStart;
  newLast = newEnd;
  first = oldStart - newStart;
  last = oldEnd - newEnd;
  const isOdd = ((first - last) & 1) !== 0;
  forward[offset + first] = oldStart;
  backward[offset + last] = oldEnd;
  let steps = 0;
  while (true) {
    steps++;
    for (let diagonal = lowest(first, steps); diagonal <= highest(first, steps); diagonal += 2) {
      const at = furthest(diagonal, steps);
      forward[offset + diagonal] = at;
      if (isOdd && abs(diagonal - last) < steps && at >= backward[offset + diagonal])
        return middleAt(at, diagonal);
    }
    for (let diagonal = lowest(last, steps); diagonal <= highest(last, steps); diagonal += 2) {
      const at = nearest(diagonal, steps);
      backward[offset + diagonal] = at;
      if (!isOdd && abs(diagonal - first) <= steps && at <= forward[offset + diagonal])
        return middleAt(at, diagonal);
    }
  }
}

function middleAt(at: i32, diagonal: i32): i32 {
  middleOld = at;
  return at - diagonal;
}

/** The diagonals that so many steps reach from one: every other, as far as the part has any. */
function lowest(from: i32, steps: i32): i32 {
  const low = from - steps;
  const least = oldFirst - newLast;
  return low >= least ? low : least + ((least - low) & 1);
}

function highest(from: i32, steps: i32): i32 {
  return min(from + steps, oldLast - newFirst);
}

/** How far `steps` steps from the start come on a diagonal, by what one less did beside it; −1: not there. */
function furthest(diagonal: i32, steps: i32): i32 {
  let at = -1;
  if (diagonal > lowest(first, steps - 1)) {
    const left = forward[offset + diagonal - 1];
    if (left >= 0 && left < oldLast) at = left + 1;
  }
  if (diagonal < highest(first, steps - 1)) {
    const above = forward[offset + diagonal + 1];
    if (above >= 0 && above - diagonal <= newLast) at = max(at, above);
  }
  if (at < 0) return at;
  while (at < oldLast && at - diagonal < newLast && old[at] === fresh[at - diagonal]) at++;
  return at;
}

/** The same from the end; i32.MAX_VALUE: not there. */
function nearest(diagonal: i32, steps: i32): i32 {
  let at = i32.MAX_VALUE;
  if (diagonal < highest(last, steps - 1)) {
    const right = backward[offset + diagonal + 1];
    if (right <= oldLast && right > oldFirst) at = right - 1;
  }
  if (diagonal > lowest(last, steps - 1)) {
    const below = backward[offset + diagonal - 1];
    if (below <= oldLast && below - diagonal >= newFirst) at = min(at, below);
  }
  if (at > oldLast) return at;
  while (at > oldFirst && at - diagonal > newFirst && old[at - 1] === fresh[at - diagonal - 1]) at--;
  return at;
}

/** What is marked, as changes. */
function marked(): Change[] {
  const changes: Change[] = [];
  let line = 0;
  let other = 0;
  while (line < old.length || other < fresh.length) {
    if (!isRemoved[line] && !isAdded[other]) {
      line++;
      other++;
      continue;
    }
    const change = new Change(line, line, other, other);
    while (isRemoved[change.oldEnd]) change.oldEnd++;
    while (isAdded[change.newEnd]) change.newEnd++;
    changes.push(change);
    line = change.oldEnd;
    other = change.newEnd;
  }
  return changes;
}

/** From the last one back, each as far down as its lines allow; one that meets the next becomes one with it. */
function settled(changes: Change[]): Change[] {
  const kept: Change[] = [];
  for (let index = changes.length - 1; index >= 0; index--) {
    const change = changes[index];
    const next = kept.length > 0 ? kept[kept.length - 1] : new Change(old.length, 0, fresh.length, 0);
    const isRemoval = change.newStart === change.newEnd;
    if (isRemoval || change.oldStart === change.oldEnd) slide(change, next, isRemoval);
    if (kept.length > 0 && change.oldEnd === next.oldStart && change.newEnd === next.newStart) {
      next.oldStart = change.oldStart;
      next.newStart = change.newStart;
    } else kept.push(change);
  }
  return kept.reverse();
}

function slide(change: Change, next: Change, isRemoval: bool): void {
  const lines = isRemoval ? old : fresh;
  while (change.oldEnd < next.oldStart && change.newEnd < next.newStart) {
    const start = isRemoval ? change.oldStart : change.newStart;
    const end = isRemoval ? change.oldEnd : change.newEnd;
    if (lines[start] !== lines[end]) return;
    change.oldStart++;
    change.oldEnd++;
    change.newStart++;
    change.newEnd++;
  }
}
