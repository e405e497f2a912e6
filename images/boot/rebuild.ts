/**
 * The same image built where nothing is the same: a copy of the sources in another folder, without anything
 * that was kept, in another time zone and locale, with another umask. What comes out must not differ in a bit.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
/** What a build reads. */
const SOURCES = ['hw', 'images', 'os', 'userland', 'package.json', 'tsconfig.json'];
const ELSEWHERE = { TZ: 'Pacific/Chatham', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
const UMASK = 0o077;

/** Gives what `read` finds in the folder of the images. */
export async function rebuildElsewhere<T>(name: string, read: (folder: string) => T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'gossamer elsewhere '));
  const before = process.umask(UMASK);
  try {
    for (const source of SOURCES)
      cpSync(join(PROJECT_DIRECTORY, source), join(folder, source), { recursive: true });
    symlinkSync(join(PROJECT_DIRECTORY, 'node_modules'), join(folder, 'node_modules'));
    await buildIn(folder, name);
    return read(join(folder, 'out'));
  } finally {
    process.umask(before);
    rmSync(folder, { recursive: true, force: true });
  }
}

function buildIn(folder: string, name: string): Promise<void> {
  const words = ['--import', 'tsx', 'images/boot/image-command.ts', 'build', name, '-o', 'out'];
  const child = spawn(process.execPath, words, {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...ELSEWHERE },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', code => {
      if (code === 0) resolve();
      else reject(new Error(`the second build ended with ${code}: see above`));
    });
  });
}
