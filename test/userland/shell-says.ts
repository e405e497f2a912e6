/**
 * What a script makes our shell say, and dash: output, errors behind it, and a status other than 0 in brackets.
 * Both find the same few files in their directory.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runShell, type ShellRun } from './shell-host.ts';

const FILES: Readonly<Record<string, string>> = { 'a.txt': 'A\n', 'b.txt': 'B\n', '.h': '', 'sub/x.c': '' };

export const hasDash = spawnSync('dash', ['-c', ':']).status === 0;

export async function shellSays(script: string): Promise<string> {
  return said(await runShell(script, { files: FILES }));
}

export function dashSays(script: string): string {
  const cwd = mkdtempSync(join(tmpdir(), 'gossamer-'));
  try {
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), text);
    }
    const env = { PATH: process.env['PATH'], HOME: '/home' };
    const { stdout, stderr, status } = spawnSync('dash', ['-c', script, 'sh'], {
      cwd,
      env,
      encoding: 'utf8',
    });
    return said({ output: stdout, errors: stderr, status: status! });
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function said({ output, errors, status }: ShellRun): string {
  return `${output}${errors}${status === 0 ? '' : `[${status}]`}`;
}
