/**
 * The command under the debugger that people use: gdb-multiarch over TCP, forwards and backwards. Skips
 * where it is not installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, expect, it } from 'vitest';
import { ROUTINES } from './board-rig.ts';
import { MachineRig, program } from './machine-rig.ts';

const hasGdb = spawnSync('gdb-multiarch', ['--version']).status === 0;
const rig = new MachineRig();
afterAll(() => rig.remove());

const COUNTER = `
        .globl _start, loop, store, count
_start: li    a0, 0
        la    s0, count
loop:   addi  a0, a0, 1
store:  sw    a0, 0(s0)
        li    t0, 10
        blt   a0, t0, loop
        li    a0, 5
        j     power_off
        ${ROUTINES}
        .data
        .align 2
count:  .word 0
`;

/** Starts the machine, lets gdb do the commands, gives what gdb printed and the machine's exit status. */
async function debug(commands: readonly string[]): Promise<{ printed: string; status: unknown }> {
  rig.write('count.elf', program(COUNTER, ['count']));
  const machine = spawn(process.execPath, rig.words(['--gdb', '0', 'count.elf']), { cwd: rig.folder });
  const ended = new Promise(resolve => machine.once('exit', resolve));
  const port = await new Promise<string>(resolve => {
    machine.stderr.on('data', text => {
      const match = /127\.0\.0\.1:(\d+)/.exec(String(text));
      if (match !== null) resolve(match[1]!);
    });
  });
  const lines = ['set pagination off', 'set confirm off', `target remote 127.0.0.1:${port}`, ...commands];
  const gdb = spawn(
    'gdb-multiarch',
    ['-nx', '-batch', ...lines.flatMap(line => ['-ex', line]), 'count.elf'],
    {
      cwd: rig.folder,
    },
  );
  const printed = ['', ''];
  // Kept apart: what gdb complains of would otherwise come in the midst of its answers.
  [gdb.stdout, gdb.stderr].forEach((stream, index) => {
    stream.on('data', text => {
      printed[index] += String(text);
    });
  });
  await new Promise(resolve => gdb.once('close', resolve));
  return { printed: printed.join(''), status: await ended };
}

it.skipIf(!hasGdb)('breaks, steps, watches, and runs to the end', async () => {
  const { printed, status } = await debug([
    'break store',
    'continue',
    'p $a0',
    'continue',
    'p $a0',
    'stepi',
    'x/i $pc',
    'delete',
    'watch *(int*)&count',
    'continue',
    'p *(int*)&count',
    'delete',
    'p/x $misa',
    'p $priv',
    'monitor where',
    'continue',
  ]);
  expect(printed).toMatch(/\$1 = 1\n[\s\S]*\$2 = 2\n/);
  expect(printed).toMatch(/=> 0x8[0-9a-f]+ <store\+4>:\s+li\s+t0,10/);
  expect(printed).toMatch(/Old value = 2\nNew value = 3/);
  expect(printed).toMatch(/\$3 = 3\n/);
  expect(printed).toMatch(/\$4 = 0x40[0-9a-f]{6}\n/);
  expect(printed).toMatch(/\$5 = 3/);
  expect(printed).toMatch(/pc 0x8[0-9a-f]+ \(store\+0x4\), machine mode/);
  expect(printed).toContain('exited with code 05');
  expect(status).toBe(5);
});

it.skipIf(!hasGdb)('goes backwards over what it has run', async () => {
  const { printed } = await debug([
    'break store if $a0 == 8',
    'continue',
    'delete',
    'watch *(int*)&count',
    'reverse-continue',
    'p $a0',
    'reverse-stepi',
    'p $a0',
    'delete',
    'reverse-continue',
    'x/i $pc',
    'monitor cycle',
    'detach',
  ]);
  expect(printed).toMatch(/Old value = 7\nNew value = 6/);
  expect(printed).toMatch(/\$1 = 7\n[\s\S]*\$2 = 6\n/);
  expect(printed).toMatch(/No more reverse-execution history/);
  expect(printed).toMatch(/=> 0x1000:\s+auipc\s+t0/);
  expect(printed).toContain('the record begins at cycle 0');
});
