/**
 * Starts a command that is written in TypeScript on a Node that reads none, without a compiler in the
 * process: what the command needs is turned into JavaScript beforehand, by another process
 * (hw/console/strip.mjs), and kept under .build/js until a source changes.
 *
 *     node hw/console/start.mjs hw/console/machine.ts [argument]...
 *
 * A machine's process may hold no more than its guests' RAM and a little; a loader holds more than that.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STRIP = fileURLToPath(new URL('strip.mjs', import.meta.url));

const [entry, ...rest] = process.argv.slice(2);
const list = `${ROOT}.build/js/${entry.replaceAll('/', '-')}.json`;
if (!isFresh()) execFileSync(process.execPath, [STRIP, entry], { stdio: ['ignore', 'inherit', 'inherit'] });
const script = `${ROOT}.build/js/${entry.replace(/\.ts$/, '.js')}`;
process.argv = [process.argv[0], script, ...rest];
await import(pathToFileURL(script).href);

/** Whether every source that went into the command is as it was. */
function isFresh() {
  try {
    return Object.entries(JSON.parse(readFileSync(list, 'utf8'))).every(([path, stamp]) => {
      const { mtimeMs, size } = statSync(ROOT + path);
      return stamp === `${mtimeMs} ${size}`;
    });
  } catch {
    return false;
  }
}
