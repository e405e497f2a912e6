/**
 * The shell's options: a letter each, set by `sh -e`, `set -e`, `set -o errexit`, and unset by `+`.
 *
 *     a allexport   C noclobber   e errexit   f noglob    i interactive   m monitor   c commands
 *     n noexec      s stdin       u nounset   v verbose   x xtrace        I ignoreeof
 */

export const LETTERS = 'aCefimnsuvxIc';
export const NAMES: StaticArray<string> = [
  'allexport',
  'noclobber',
  'errexit',
  'noglob',
  'interactive',
  'monitor',
  'noexec',
  'stdin',
  'nounset',
  'verbose',
  'xtrace',
  'ignoreeof',
  'commands',
];

export class Options {
  private bits: u32 = 0;

  has(letter: string): bool {
    return (this.bits & (1 << LETTERS.indexOf(letter))) !== 0;
  }

  /** False where there is no such option. */
  set(letter: string, isOn: bool): bool {
    const index = LETTERS.indexOf(letter);
    if (index < 0) return false;
    if (isOn) this.bits |= 1 << index;
    else this.bits &= ~(1 << index);
    return true;
  }

  setNamed(name: string, isOn: bool): bool {
    const index = NAMES.indexOf(name);
    return index >= 0 && this.set(LETTERS.charAt(index), isOn);
  }

  /** `$-`. */
  get letters(): string {
    let text = '';
    for (let i = 0; i < LETTERS.length; i++) {
      const letter = LETTERS.charAt(i);
      if (letter !== 'c' && this.has(letter)) text += letter;
    }
    return text;
  }
}
