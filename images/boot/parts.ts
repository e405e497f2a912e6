/**
 * Builds many parts at once. This process makes one after another from the first on; where that takes a while,
 * others (images/boot/part-builder.ts) make them from the last on, until they meet. What comes out is the same.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BUILD_CACHE, type BuiltImage } from '../guest/build.ts';
import { buildPart, type Part } from './part.ts';

/** Told before each part: how many of them are built, of how many, and which one is next. */
export type Progress = (done: number, total: number, name: string) => void;

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
const BUILDER = fileURLToPath(new URL('part-builder.ts', import.meta.url));
/** More would take more memory than a small host has. */
const BUILDERS_MAX = 3;
/** Parts that a builder has at once, since this process is slow to answer while it builds. */
const PARTS_AT_ONCE = 2;
/** Where everything is there already, this is over in less, in milliseconds. */
const PATIENCE_MS = 1000;

/** By the part's name. Throws what buildPart throws for the first that cannot be built. */
export async function buildParts(
  parts: readonly Part[],
  progress: Progress,
): Promise<ReadonlyMap<string, BuiltImage>> {
  const startMs = performance.now();
  const patienceMs = existsSync(BUILD_CACHE) ? PATIENCE_MS : 0;
  const crew = new Crew(parts);
  const images = new Map<string, BuiltImage>();
  try {
    for (const [index, part] of parts.entries()) {
      if (performance.now() - startMs >= patienceMs) crew.begin();
      progress(crew.doneWhenAt(index), parts.length, part.name);
      await crew.claim(index);
      images.set(part.name, await buildPart(part));
      await setImmediate();
    }
  } finally {
    crew.end();
  }
  return images;
}

/** Parts from `first` to before `last` are nobody's yet; those from `last` on are the builders'. */
class Crew {
  private readonly parts: readonly Part[];
  private readonly builders: ChildProcess[] = [];
  private first = 0;
  private last: number;
  /** How many of the builders' are done. */
  private doneCount = 0;
  private readonly done = new Map<number, Promise<void>>();
  private readonly answered = new Map<number, () => void>();

  constructor(parts: readonly Part[]) {
    this.parts = parts;
    this.last = parts.length;
  }

  /** How many parts are there when this process comes to that one. */
  doneWhenAt(index: number): number {
    return Math.min(index, this.last) + this.doneCount;
  }

  /** From here on that part is this process's, or there. */
  async claim(index: number): Promise<void> {
    if (index < this.last) this.first = index + 1;
    else await this.done.get(index);
  }

  begin(): void {
    const wanted = Math.min(availableParallelism() - 1, BUILDERS_MAX);
    while (this.builders.length < wanted) this.employ();
  }

  end(): void {
    this.first = this.last;
    for (const builder of this.builders) builder.kill();
  }

  private employ(): void {
    const builder = fork(BUILDER, {
      cwd: PROJECT_DIRECTORY,
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.builders.push(builder);
    const gone = new Promise<void>(resolve => {
      builder.on('exit', () => resolve()).on('error', () => resolve());
    });
    builder.on('message', (index: number) => this.answered.get(index)!());
    for (let count = 0; count < PARTS_AT_ONCE; count += 1) void this.occupy(builder, gone);
  }

  /** What a builder that is gone has not made, this process makes when it comes to it. */
  private async occupy(builder: ChildProcess, gone: Promise<void>): Promise<void> {
    while (this.last > this.first && builder.connected) {
      this.last -= 1;
      const index = this.last;
      const answer = new Promise<void>(resolve => this.answered.set(index, resolve));
      this.done.set(index, Promise.race([answer, gone]));
      builder.send({ index, part: this.parts[index] });
      await this.done.get(index);
      this.doneCount += 1;
    }
  }
}
