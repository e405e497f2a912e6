/**
 * The remote protocol from the debugger's side, without a transport: what it may ask, what it is told when
 * the machine stops, how it goes backwards, and that nothing it sends can hurt anybody.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BoardDebuggee } from '../../hw/console/debuggee.ts';
import { bytesOfText, framePacket, PacketReader } from '../../hw/lab/gdb/packet.ts';
import { BoardRecord } from '../../hw/lab/gdb/record.ts';
import { SymbolTable } from '../../hw/lab/symbols.ts';
import { hashState } from '../../hw/state.ts';
import { bootProgram, ROUTINES } from './board-rig.ts';
import { GdbClient } from './gdb-client.ts';

const PC = 32;
const A0 = 10;

/** Counts in a0, keeps the count in memory, prints a dot a round, ends after ten. */
const COUNTER = `
start:  li    a0, 0
        la    s0, count
        li    s1, 0x10000000
loop:   addi  a0, a0, 1
store:  sw    a0, 0(s0)
        li    t0, 46
        sb    t0, 0(s1)
        li    t0, 10
        blt   a0, t0, loop
done:   li    a0, 5
        j     power_off
        ${ROUTINES}
        .data
        .align 2
count:  .word 0
`;

async function debugged(source = COUNTER) {
  const booted = await bootProgram(source);
  const record = new BoardRecord(booted.board, []);
  const symbols = new SymbolTable(
    [...booted.symbols].map(([name, address]) => ({ name, address, size: 0, kind: 'other' as const })),
  );
  const debuggee = new BoardDebuggee(booted.board, symbols, record);
  const gdb = new GdbClient(debuggee);
  const at = (name: string) => booted.symbols.get(name)!;
  const breakAt = (name: string) => gdb.ask(`Z0,${at(name).toString(16)},4`);
  let sent = '';
  booted.board.onSerial(byte => {
    if (!record.isReplay) sent += String.fromCharCode(byte);
  });
  return { ...booted, output: () => sent, record, debuggee, gdb, at, breakAt };
}

it('tells what it can do, and describes every register', async () => {
  const { gdb } = await debugged();
  expect(gdb.ask('qSupported:multiprocess+')).toMatch(/PacketSize=.*ReverseStep\+;ReverseContinue\+/);
  let xml = '';
  for (let offset = 0; ; offset = xml.length) {
    const piece = gdb.ask(`qXfer:features:read:target.xml:${offset.toString(16)},400`);
    xml += piece.slice(1);
    if (piece[0] === 'l') break;
  }
  for (const name of ['zero', 'sp', 'pc', 'mstatus', 'satp', 'stimecmp', 'pmpaddr0', 'priv'])
    expect(xml).toContain(`name="${name}"`);
  expect(xml).not.toContain('name="pmpaddr63"');
  for (const [, number] of xml.matchAll(/regnum="(\d+)"/g))
    expect(gdb.ask(`p${Number(number).toString(16)}`)).toMatch(/^[0-9a-f]{8}$/);
});

it('stops at a breakpoint each time the program comes by', async () => {
  const { gdb, at, breakAt, output } = await debugged();
  expect(breakAt('store')).toBe('OK');
  for (let round = 1; round <= 3; round += 1) {
    expect(gdb.resume('vCont;c')).toBe('T05thread:1;hwbreak:;');
    expect(gdb.register(PC)).toBe(at('store'));
    expect(gdb.register(A0)).toBe(round);
  }
  expect(output()).toBe('..');
});

it('tells the exit status when the guest switches off', async () => {
  const { gdb } = await debugged();
  expect(gdb.resume('c')).toBe('W05');
  expect(gdb.session.over).toBe(true);
});

it('steps one instruction at a time', async () => {
  const { gdb, at, breakAt } = await debugged();
  breakAt('loop');
  gdb.resume('c');
  expect(gdb.resume('s')).toBe('T05thread:1;');
  expect(gdb.register(PC)).toBe(at('store'));
  gdb.resume('vCont;s:1;c');
  expect(gdb.register(PC)).toBe(at('store') + 4);
});

it('stops before a store to a watched word, as GDB wants it, and names the word', async () => {
  const { gdb, at } = await debugged();
  const word = at('count').toString(16);
  expect(gdb.ask(`Z2,${word},4`)).toBe('OK');
  expect(gdb.resume('c')).toBe(`T05thread:1;watch:${word};`);
  expect(gdb.register(PC)).toBe(at('store'));
  expect(gdb.ask(`m${word},4`)).toBe('00000000');
  gdb.resume('s');
  expect(gdb.ask(`m${word},4`)).toBe('01000000');
  for (const count of ['01', '02', '03']) {
    expect(gdb.resume('c')).toContain('watch:');
    expect(gdb.ask(`m${word},1`)).toBe(count);
  }
  expect(gdb.ask(`z2,${word},4`)).toBe('OK');
  expect(gdb.resume('c')).toBe('W05');
});

it('reads and writes registers and memory, and refuses what is not there', async () => {
  const { gdb, at, breakAt } = await debugged();
  breakAt('loop');
  gdb.resume('c');
  expect(gdb.ask('P0a=09000000')).toBe('OK');
  expect(gdb.register(A0)).toBe(9);
  expect(gdb.ask('g')).toHaveLength(33 * 8);
  expect(gdb.ask(`G${gdb.ask('g')}`)).toBe('OK');
  expect(gdb.ask(`M${at('count').toString(16)},2:cafe`)).toBe('OK');
  expect(gdb.ask(`X${at('count').toString(16)},1:#`)).toBe('OK');
  expect(gdb.ask(`m${at('count').toString(16)},4`)).toBe('23fe0000');
  expect(gdb.ask('m10000000,4')).toBe('E0e');
  expect(gdb.ask('Pffff=00000000')).toBe('E01');
  expect(gdb.ask('G00')).toBe('E01');
  for (const range of ['', '80000000', '80000000,', ',4', '80000000,4,4', 'z,4'])
    expect([gdb.ask(`m${range}`), gdb.ask(`M${range}:00000000`)]).toEqual(['E01', 'E01']);
});

it('is interrupted by a 0x03 while the machine runs', async () => {
  const { gdb } = await debugged('1: addi a0, a0, 1\n j 1b');
  gdb.send(framePacket('c'));
  gdb.session.slice();
  gdb.send(Uint8Array.of(3));
  expect(gdb.unasked()).toEqual(['T02thread:1;']);
  expect(gdb.session.running).toBe(false);
});

it('steps backwards through every state it came by', async () => {
  const { gdb, board, breakAt } = await debugged();
  breakAt('loop');
  gdb.resume('c');
  gdb.ask('z0,' + gdb.register(PC).toString(16) + ',4');
  const seen: string[] = [];
  for (let steps = 0; steps < 30; steps += 1) {
    seen.push(hashState(board.hart));
    gdb.resume('s');
  }
  for (const before of seen.reverse()) {
    expect(gdb.resume('bs')).toBe('T05thread:1;');
    expect(hashState(board.hart)).toBe(before);
  }
});

it('continues backwards to breakpoints and watchpoints, then to the beginning', async () => {
  const { gdb, at, breakAt, output } = await debugged();
  breakAt('done');
  gdb.resume('c');
  expect(output()).toBe('..........');
  const word = at('count').toString(16);
  gdb.ask(`Z2,${word},4`);
  for (const count of ['0a', '09', '08']) {
    expect(gdb.resume('bc')).toContain('watch:');
    expect(gdb.ask(`m${word},1`)).toBe(count);
  }
  gdb.ask(`z2,${word},4`);
  expect(gdb.resume('bc')).toBe('T05thread:1;replaylog:begin;');
  expect(gdb.resume('c')).toContain('hwbreak');
  expect(output()).toBe('..........');
});

it('makes a new future when the debugger changes the past', async () => {
  const { gdb, breakAt } = await debugged();
  breakAt('done');
  gdb.resume('c');
  breakAt('store');
  gdb.resume('bc');
  gdb.resume('bc');
  expect(gdb.register(A0)).toBe(9);
  gdb.ask('P0a=04000000');
  gdb.resume('c');
  expect(gdb.register(A0)).toBe(5);
});

it('repeats input at the cycle at which it came', async () => {
  const { gdb, board, record, output, breakAt } = await debugged(`
start:  li    s1, 0x10000000
        li    t0, 7
        sb    t0, 2(s1)
loop:   lbu   t0, 5(s1)
        andi  t0, t0, 1
        beqz  t0, loop
        lbu   t0, 0(s1)
got:    sb    t0, 0(s1)
        j     loop`);
  gdb.send(framePacket('c'));
  gdb.session.slice();
  record.input(() => board.uart.receive(bytesOfText('x')));
  gdb.session.slice();
  gdb.send(Uint8Array.of(3));
  gdb.unasked();
  breakAt('got');
  expect(gdb.resume('bc')).toContain('hwbreak');
  const cycle = board.hart.cycle;
  gdb.resume('bc');
  expect(board.hart.cycle).toBe(record.beginning);
  expect(gdb.resume('c')).toContain('hwbreak');
  expect(board.hart.cycle).toBe(cycle);
  expect(output()).toContain('x');
});

it('answers monitor commands in words, unknown ones with the list', async () => {
  const { gdb, at, breakAt } = await debugged();
  breakAt('store');
  gdb.resume('c');
  expect(gdb.monitor('where')).toMatch(/^pc 0x8[0-9a-f]+ \(store\), machine mode, cycle \d+\n$/);
  expect(gdb.monitor(`translate 0x${at('count').toString(16)}`)).toMatch(/read +0x8[\s\S]*execute +0x8/);
  expect(gdb.monitor('translate x')).toContain('give an address');
  expect(gdb.monitor('stats')).toMatch(/instructions +\d+/);
  expect(gdb.monitor('traps')).toContain('no trap was taken yet');
  expect(gdb.monitor('frobnicate')).toMatch(/no monitor command 'frobnicate'[\s\S]*reset/);
  expect(gdb.monitor('toString')).toContain('no monitor command');
});

it('asks again for what arrives damaged, and stops acknowledging when told', async () => {
  const { gdb } = await debugged();
  gdb.send(bytesOfText('$qC#00'));
  expect(gdb.marks).toEqual(['nak']);
  gdb.send(bytesOfText('-'));
  expect(gdb.unasked()).toEqual([]);
  expect(gdb.ask('QStartNoAckMode')).toBe('OK');
  gdb.marks.length = 0;
  expect(gdb.ask('qC')).toBe('QC1');
  expect(gdb.marks).toEqual([]);
});

it('lets the machine go free, without its breakpoints, when the debugger detaches', async () => {
  const { gdb, board, breakAt, output } = await debugged();
  breakAt('store');
  expect(gdb.ask('D')).toBe('OK');
  expect(gdb.session.over).toBe(true);
  expect(board.runUntil(10_000_000)).toBe('off');
  expect(output()).toBe('..........');
});

it('prints nothing twice when the debugger leaves the machine in its past', async () => {
  const { gdb, board, record, breakAt, output } = await debugged();
  breakAt('done');
  gdb.resume('c');
  gdb.ask('z0,' + gdb.register(PC).toString(16) + ',4');
  gdb.resume('bc');
  expect(gdb.ask('D')).toBe('OK');
  expect(record.isPast).toBe(true);
  while (record.isPast) record.runUntilCycle(board.hart.cycle + 100);
  expect(record.isReplay).toBe(false);
  expect(board.runUntil(10_000_000)).toBe('off');
  expect(output()).toBe('..........');
});

it('survives anything that can be sent, and still answers unless it was told to go', async () => {
  const { debuggee, board } = await debugged('1: addi a0, a0, 1\n j 1b');
  const letters = fc.constantFrom(...'?gGpPmMXZzcsCSbHTvqQ0123456789abcdef,;:=');
  const body = fc.oneof(fc.string({ unit: letters, maxLength: 24 }), fc.string({ maxLength: 40 }));
  const packet = body.map(text => framePacket(text));
  const noise = fc.uint8Array({ maxLength: 60 });
  fc.assert(
    fc.property(fc.array(fc.oneof(packet, noise), { maxLength: 12 }), pieces => {
      const gdb = new GdbClient(debuggee);
      board.powerOn();
      for (const piece of pieces) gdb.send(piece);
      gdb.send(Uint8Array.of(0x23, 0x30, 0x30, 3));
      gdb.unasked();
      expect(gdb.session.running).toBe(false);
      if (!gdb.session.over) expect(gdb.ask('qC')).toBe('QC1');
    }),
    { seed: 20, numRuns: 400 },
  );
});

it('carries every byte through framing and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
      const body = String.fromCharCode(...bytes);
      expect(new PacketReader().push(framePacket(body))).toEqual([{ kind: 'packet', body }]);
    }),
    { seed: 21 },
  );
});
