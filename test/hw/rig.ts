/**
 * A bare hart with RAM and the smallest bus, for tests of the CPU: assemble, load, run.
 *
 *     const { hart, word } = await runProgram('li a0, 5; …; done')
 *
 * What runs to its end here runs in both tiers of the CPU, and must come to the same state.
 *
 * A store of any value to the power device's address ends the run; `done` is a macro for it. Programs are
 * loaded at the beginning of RAM and entered there in machine mode.
 */
import { Hart, type HartOptions, type StopReason } from '../../hw/cpu/hart.ts';
import { loadCore } from '../../hw/cpu/load-core.ts';
import { CLOCK_HZ_DEFAULT, POWER_BASE, RAM_BASE } from '../../hw/manual/memory-map.ts';
import { hashState } from '../../hw/state.ts';
import { assembleFlat } from '../../images/assembler/assemble.ts';

export type RigOptions = Partial<Omit<HartOptions, 'core'>> & {
  /** The run ends here at the latest. */
  readonly cyclesMax?: number;
};

export interface Rig {
  readonly hart: Hart;
  readonly symbols: ReadonlyMap<string, number>;
  readonly stop: StopReason;
  /** A register by its ABI name, unsigned. */
  register(name: string): number;
  /** The word in RAM at a symbol, plus an offset. */
  word(symbol: string, offset?: number): number;
}

const MACROS = `
  .macro done
    li t6, ${POWER_BASE}
    sw zero, 0(t6)
  .endm
`;
const ABI_NAMES = (
  'zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 ' + 's2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6'
).split(' ');
const CYCLES_MAX = 1_000_000;
const RAM_SIZE = 1 << 20;

const core = await loadCore();

/** A hart with the program in RAM, not yet run. */
export function loadProgram(
  source: string,
  options: RigOptions = {},
): { readonly hart: Hart; readonly symbols: ReadonlyMap<string, number> } {
  const { bytes, symbols } = assembleFlat(MACROS + source, { origin: RAM_BASE });
  const hart = new Hart({
    ramSize: RAM_SIZE,
    clockHz: CLOCK_HZ_DEFAULT,
    adBits: 'hardware',
    ...options,
    core,
    bus: {
      read: (pa, size) => options.bus?.read(pa, size),
      write: (pa, size, value) => {
        if (pa !== POWER_BASE) return options.bus?.write(pa, size, value) ?? false;
        hart.stop();
        return true;
      },
    },
  });
  if (!hart.ram.write(RAM_BASE, bytes)) throw new Error('the program is larger than RAM');
  return { hart, symbols };
}

/** Runs the program to its end; throws where it does not come to it. */
export function runProgram(source: string, options: RigOptions = {}): Rig {
  const { hart, symbols } = loadProgram(source, options);
  const limit = options.cyclesMax ?? CYCLES_MAX;
  const stop = hart.run(limit);
  if (options.bus === undefined && options.translateAfter === undefined) {
    const { hart: twin } = loadProgram(source, { ...options, translateAfter: 1 });
    twin.run(limit);
    if (hashState(twin) !== hashState(hart)) throw new Error('the translator has come to another state');
  }
  if (stop !== 'stopped' && options.cyclesMax === undefined) {
    throw new Error(`the program ended by '${stop}' at pc ${hart.pc.toString(16)}, cycle ${hart.cycle}`);
  }
  return inspect(hart, symbols, stop);
}

export function inspect(hart: Hart, symbols: ReadonlyMap<string, number>, stop: StopReason): Rig {
  return {
    hart,
    symbols,
    stop,
    register: name => {
      const index = ABI_NAMES.indexOf(name);
      if (index < 0) throw new Error(`no register is named ${name}`);
      return hart.readRegister(index);
    },
    word: (symbol, offset = 0) => {
      const address = symbols.get(symbol);
      if (address === undefined) throw new Error(`the program has no symbol ${symbol}`);
      const bytes = hart.ram.read(address + offset, 4);
      if (bytes === undefined) throw new Error(`${symbol} is not in RAM`);
      return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
    },
  };
}
