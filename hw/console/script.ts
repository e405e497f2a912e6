/**
 * A person's script: a TypeScript or JavaScript module that exports `script`, which is given the session.
 *
 *     import type { Session } from '../hw/session/session.ts';
 *
 *     export async function script(session: Session): Promise<void> {
 *       await session.expect('node0', '$ ');
 *       session.cut('node0', 'node1');
 *     }
 *
 * It has passed when the promise is kept, and failed when anything is thrown.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Session } from '../session/session.ts';
import { BadInput } from './bad-input.ts';

export type Script = (session: Session) => Promise<void> | void;

/** Throws a BadInput for a file that is not there, does not compile or has no script. */
export async function loadScript(file: string): Promise<Script> {
  const path = resolve(file);
  if (!existsSync(path)) throw new BadInput(`--script ${file} does not exist: correct its name`);
  let module: Record<string, unknown>;
  try {
    const { tsImport } = await import('tsx/esm/api');
    module = (await tsImport(pathToFileURL(path).href, import.meta.url)) as Record<string, unknown>;
  } catch (error) {
    const why = String((error as Error).message)
      .trim()
      .replace(/\s*\n\s*/g, ' ');
    throw new BadInput(`--script ${file} cannot be read: ${why}`);
  }
  const script = module['script'];
  if (typeof script !== 'function')
    throw new BadInput(
      `--script ${file} exports no function named script: write export async function script(session)`,
    );
  return script as Script;
}
