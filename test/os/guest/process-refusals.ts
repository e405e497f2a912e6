/**
 * A program that asks the process service and the name service for what they refuse, and prints each answer.
 * The victim leads another session, which the manifest starts before this one; both are root's, so that signals are
 * not refused (test/os/user.test.ts has those that are).
 */
import { START_HEADER_SIZE } from '../../../os/abi/start.ts';
import * as name from '../../../os/proto/name.client.ts';
import * as programs from '../../../os/proto/process.client.ts';
import { ANY_CHILD, ANY_NODE, FIRST_PROGRAM, SIGNAL_KILL } from '../../../os/proto/process.ts';
import { handleNamed } from '../../../os/runtime/start.ts';
import { createPort } from '../../../os/runtime/system.ts';
import { add, begin, end, inheritDescriptors, spawn, spawnPath, waitFor } from './program.ts';

const SAME_GROUP: i32 = -1;
const NOBODY: i32 = 29_999;
const SIGNALS: u32 = 32;

const bytes = memory.data(512, 4);
const handles = memory.data(16, 4);

let own: u32 = 0;

export function main(_argument: u32): i32 {
  own = handleNamed('process');
  inheritDescriptors();
  spawns();
  blocks();
  signals();
  others();
  return 0;
}

function spawns(): void {
  begin('spawn');
  add(spawn('absent', 0, SAME_GROUP));
  add(spawnPath('/boot', '', 0, SAME_GROUP));
  add(spawnPath('/boot/', 'manifest', 0, SAME_GROUP));
  add(spawnPath('/boot/', 'foreign', 0, SAME_GROUP));
  add(spawnPath('/boot/', 'cut', 0, SAME_GROUP));
  add(spawnPath('/boot/', 'kernel', 0, SAME_GROUP));
  add(spawnPath('boot/bin/', 'nothing', 0, SAME_GROUP));
  add(spawnPath('/nowhere/', 'nothing', 0, SAME_GROUP));
  add(spawn('nothing', 0, NOBODY));
  add(spawn('nothing', 0, FIRST_PROGRAM));
  end();
}

/** Start blocks that are none, and paths too long. */
function blocks(): void {
  begin('block');
  add(programs.spawn(own, bytes, 0, bytes, 40, SAME_GROUP, ANY_NODE, handles, 0));
  add(programs.spawn(own, bytes, 300, bytes, 40, SAME_GROUP, ANY_NODE, handles, 0));
  memory.copy(bytes, text('/boot/bin/nothing'), 17);
  add(programs.spawn(own, bytes, 17, bytes, 0, SAME_GROUP, ANY_NODE, handles, 0));
  add(programs.spawn(own, bytes, 17, bytes, 0x1_0000, SAME_GROUP, ANY_NODE, handles, 0));
  add(programs.spawn(own, bytes, 17, bytes + 64, START_HEADER_SIZE, SAME_GROUP, ANY_NODE, handles, 0));
  add(programs.spawn(own, bytes, 17, 0, START_HEADER_SIZE, SAME_GROUP, ANY_NODE, handles, 0));
  end();
}

/** Characters as bytes. */
function text(characters: string): u32 {
  for (let index: u32 = 0; index < <u32>characters.length; index += 1) {
    store<u8>(bytes + 256 + index, load<u16>(changetype<usize>(characters) + (index << 1)));
  }
  return bytes + 256;
}

function signals(): void {
  begin('signal');
  add(programs.kill(own, NOBODY, SIGNAL_KILL));
  add(programs.kill(own, -NOBODY, SIGNAL_KILL));
  add(programs.kill(own, 1, SIGNAL_KILL));
  add(programs.kill(own, 2, SIGNAL_KILL));
  add(programs.kill(own, FIRST_PROGRAM, 0));
  add(programs.kill(own, -(<i32>FIRST_PROGRAM), 0));
  add(programs.kill(own, 0, SIGNALS));
  add(programs.setSignal(own, SIGNAL_KILL, 1));
  add(programs.setSignal(own, SIGNALS, 1));
  add(programs.setSignal(own, 15, 3));
  add(programs.setGroup(own, FIRST_PROGRAM, 0));
  add(programs.setGroup(own, 0, FIRST_PROGRAM));
  end();
}

function others(): void {
  begin('other');
  add(waitFor(ANY_CHILD, 0));
  add(waitFor(FIRST_PROGRAM, 0));
  add(programs.give(own, FIRST_PROGRAM, handles, 0));
  add(programs.start(own, NOBODY));
  add(programs.adopt(own, handleNamed('space'), bytes, 4, 1));
  add(programs.halt(own, 9));
  add(name.bind(handleNamed('name'), text('/boot'), 5, createPort()));
  add(name.unbind(handleNamed('name'), text('/boot'), 5));
  end();
}
