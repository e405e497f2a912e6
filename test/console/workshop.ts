/**
 * A copy of the sources in which examples are tried: files are written, changed and built there as a reader of the
 * README would do it here. What was compiled before is shared, so that only what is new takes time.
 *
 *     const workshop = new Workshop();
 *     workshop.write('userland/bin/greet.ts', text);
 *     workshop.run('images/boot/image-command.ts', 'build', '-o', 'out');
 *     workshop.remove();
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = new URL('../..', import.meta.url).pathname;
const COPIED = ['hw', 'images', 'os', 'userland', 'test', 'package.json', 'tsconfig.json'];
const SHARED = ['node_modules', '.build/asc', '.build/guest'];

export class Workshop {
  private readonly folder = mkdtempSync(join(tmpdir(), 'gossamer-'));

  constructor() {
    for (const name of COPIED) cpSync(join(ROOT, name), join(this.folder, name), { recursive: true });
    mkdirSync(join(this.folder, '.build'));
    for (const name of SHARED) {
      mkdirSync(join(ROOT, name), { recursive: true });
      symlinkSync(join(ROOT, name), join(this.folder, name));
    }
  }

  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  bytes(file: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.folder, file)));
  }

  /** Replaces the one place of the file that has this text. */
  change(file: string, from: string, to: string): void {
    const parts = this.read(file).split(from);
    if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times ${from}`);
    this.write(file, parts.join(to));
  }

  /** Runs one of the sources as a command. Throws an error with its output where that does not end with 0. */
  run(...words: readonly string[]): string {
    const options = { cwd: this.folder, encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', ...words], options);
    if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
