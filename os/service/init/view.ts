/**
 * The view (userland/lib/view.ts) that sessions begin with. In a cluster the kernel's command line names the node
 * whose tree is the root for all, `root=N`: so every console shows the same files. What a node mounts elsewhere is
 * its own; the console is that of the node where the session began, wherever its programs run.
 *
 *     / /node/0                            root=0
 *     /boot /boot                          and the other mounts of the manifest
 *     /dev/console /node/2/dev/console     at node 2; and /dev/tty
 */
import { MOUNT_PATH } from '../../abi/manifest.ts';
import { addByte, addNumber, addText, addZeroEnded, beginLine, type Line } from '../../lib/line.ts';
import { NO_NUMBER } from '../../runtime/environment.ts';
import { numberOnCommandLine } from './command-line.ts';
import { mountCount, mountRecord, placeInManifest } from './manifest.ts';

const SIZE: u32 = 2048;
const NEW_LINE: u32 = 10;
const TTY = memory.data<u8>([0x2f, 0x64, 0x65, 0x76, 0x2f, 0x74, 0x74, 0x79, 0]);
/** With its zero. */
const NODES_SIZE: u32 = 6;
const NODES = memory.data<u8>([0x2f, 0x6e, 0x6f, 0x64, 0x65, 0]);

const text = memory.data(2048, 4);

/** The address of its text, ended by a zero; 0 where paths are this node's own. */
export function sessionView(console: u32): u32 {
  const root = numberOnCommandLine('root');
  const own = numberOnCommandLine('node');
  if (root === NO_NUMBER || own === NO_NUMBER || !hasNodes()) return 0;
  const line = beginLine(text, SIZE);
  addText(line, '/ /node/');
  addNumber(line, root);
  addByte(line, NEW_LINE);
  for (let index: u32 = 0; index < mountCount(); index += 1) {
    const path = placeInManifest(load<u32>(mountRecord(index) + MOUNT_PATH));
    if (load<u8>(path + 1) === 0) continue;
    addZeroEnded(line, path);
    addText(line, ' ');
    addZeroEnded(line, path);
    addByte(line, NEW_LINE);
  }
  addThere(line, console, own);
  addThere(line, TTY, own);
  addByte(line, 0);
  assert(line.at < line.end);
  return line.start;
}

/** Whether other nodes' names lead anywhere. */
function hasNodes(): bool {
  for (let index: u32 = 0; index < mountCount(); index += 1) {
    const path = placeInManifest(load<u32>(mountRecord(index) + MOUNT_PATH));
    if (memory.compare(path, NODES, NODES_SIZE) === 0) return true;
  }
  return false;
}

function addThere(line: Line, path: u32, node: u32): void {
  addZeroEnded(line, path);
  addText(line, ' /node/');
  addNumber(line, node);
  addZeroEnded(line, path);
  addByte(line, NEW_LINE);
}
