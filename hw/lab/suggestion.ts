/**
 * What a person may have meant: the nearest known word, for messages that say the mend.
 */

/** The known word at most two typing errors away, or undefined. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const ranked = known.map(candidate => ({ candidate, errors: distance(typed, candidate.toLowerCase()) }));
  ranked.sort((a, b) => a.errors - b.errors);
  const best = ranked[0];
  return best !== undefined && best.errors <= 2 ? best.candidate : undefined;
}

/** "did you mean x?", or else all there is to choose from. */
export function meant(word: string, known: readonly string[]): string {
  const near = nearestWord(word, known);
  return near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
}

/** Text from outside, fit for one line of a message. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? text.slice(0, 57) + '...' : text);
}

/** Insertions, deletions, substitutions, and neighbours that changed places (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substituted = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? before[j - 2]! + 1 : substituted;
      next.push(Math.min(substituted, swapped, row[j]! + 1, next[j - 1]! + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
