/**
 * A view: what paths mean to a process, which those that it starts inherit. It is text, so that it is good on any
 * node: a line for each bound path, with the canonical paths that it stands for. Those are what a node's own name
 * service knows, and /node/N/… for what node N's does; they are not looked up in the view again.
 *
 *     / /node/0            everything, but for what a longer path says
 *     /boot /boot          what is this node's own, wherever it is
 *     /bin /boot/bin /b    both: what is in the first hides what is in the second, and new things go to the first
 *
 * The longest path that is a part of a name in whole components counts. Blanks, line ends and backslashes in paths
 * are written as `\040`, in octal. A view without lines leaves every path as it is.
 */

export const BIND_INSTEAD: i32 = 0;
export const BIND_BEFORE: i32 = 1;
export const BIND_AFTER: i32 = 2;

export class Binding {
  constructor(
    /** Without a slash at the end: '' is the root. */
    readonly path: string,
    /** '' is the root here too. */
    public targets: string[],
  ) {}
}

export class View {
  readonly bindings: Binding[] = [];

  constructor(text: string) {
    const lines = text.split('\n');
    for (let index = 0; index < lines.length; index++) {
      const words = lines[index].split(' ');
      if (words.length < 2) continue;
      const targets: string[] = [];
      for (let at = 1; at < words.length; at++) targets.push(trimmed(unescaped(words[at])));
      this.bindings.push(new Binding(trimmed(unescaped(words[0])), targets));
    }
  }

  get text(): string {
    let text = '';
    for (let index = 0; index < this.bindings.length; index++) {
      const binding = this.bindings[index];
      text += escaped(binding.path);
      for (let at = 0; at < binding.targets.length; at++) text += ' ' + escaped(binding.targets[at]);
      text += '\n';
    }
    return text;
  }

  /** What an absolute path stands for, the best first; always one at least. */
  meanings(path: string): string[] {
    const binding = this.longest(path);
    if (binding === null) return [path];
    const rest = path === '/' ? '' : path.substring(binding.path.length);
    const meanings: string[] = [];
    for (let at = 0; at < binding.targets.length; at++) {
      const meaning = binding.targets[at] + rest;
      meanings.push(meaning === '' ? '/' : meaning);
    }
    return meanings;
  }

  /** Whether the path itself is bound to more than one. */
  isUnion(path: string): bool {
    const bound = this.exact(path);
    return bound !== null && bound.targets.length > 1;
  }

  /** From now on `path` means these; how: BIND_…, beside what it means already. */
  bind(path: string, targets: string[], how: i32): void {
    let before: string[] = [];
    if (how !== BIND_INSTEAD) before = this.meanings(path);
    const all = how === BIND_BEFORE ? targets.concat(before) : before.concat(targets);
    const kept: string[] = [];
    for (let at = 0; at < all.length; at++) {
      const target = trimmed(all[at]);
      if (!kept.includes(target)) kept.push(target);
    }
    const bound = this.exact(path);
    if (bound === null) this.bindings.push(new Binding(trimmed(path), kept));
    else bound.targets = kept;
  }

  /** False where the path itself was not bound. */
  unbind(path: string): bool {
    const bound = this.exact(path);
    if (bound === null) return false;
    this.bindings.splice(this.bindings.indexOf(bound), 1);
    return true;
  }

  private exact(path: string): Binding | null {
    const wanted = trimmed(path);
    for (let index = 0; index < this.bindings.length; index++) {
      if (this.bindings[index].path === wanted) return this.bindings[index];
    }
    return null;
  }

  private longest(path: string): Binding | null {
    let best: Binding | null = null;
    let length = -1;
    for (let index = 0; index < this.bindings.length; index++) {
      const bound = this.bindings[index].path;
      if (bound.length <= length || !isWithin(path, bound)) continue;
      best = this.bindings[index];
      length = bound.length;
    }
    return best;
  }
}

/** Whether an absolute path is `folder`, which has no slash at its end, or below it. */
export function isWithin(path: string, folder: string): bool {
  if (!path.startsWith(folder)) return false;
  return path.length === folder.length || folder === '' || path.charCodeAt(folder.length) === 0x2f;
}

function trimmed(path: string): string {
  return path === '/' ? '' : path;
}

function escaped(path: string): string {
  if (path === '') return '/';
  let text = '';
  for (let at = 0; at < path.length; at++) {
    const code = path.charCodeAt(at);
    const isPlain = code > 0x20 && code !== 0x5c;
    text += isPlain ? path.charAt(at) : '\\' + code.toString(8).padStart(3, '0');
  }
  return text;
}

function unescaped(word: string): string {
  let text = '';
  for (let at = 0; at < word.length; at++) {
    if (word.charCodeAt(at) !== 0x5c) text += word.charAt(at);
    else {
      text += String.fromCharCode(<i32>parseInt(word.substring(at + 1, at + 4), 8));
      at += 3;
    }
  }
  return text;
}
