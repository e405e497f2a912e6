/**
 * Loads, stores and branches as WebAssembly has them, by operation.
 *
 *     mask    the bits of an address that its tag in the data hit table is made of: the line, and what must be 0 where
 *             the access is aligned
 *     access  the instruction of WebAssembly
 */
import * as Op from '../../manual/operations.ts';
import * as Wasm from './wasm.ts';

const LINE_MASK = -64;

interface LoadShape {
  /** Bytes, and 16 where the value is sign-extended. */
  readonly kind: number;
  readonly mask: number;
  readonly access: readonly [opcode: number, alignment: number];
}

export const LOADS: Readonly<Record<number, LoadShape>> = {
  [Op.LW_2]: { kind: 4, mask: LINE_MASK | 3, access: Wasm.I32_LOAD },
  [Op.LW_4]: { kind: 4, mask: LINE_MASK | 3, access: Wasm.I32_LOAD },
  [Op.LH]: { kind: 18, mask: LINE_MASK | 1, access: Wasm.I32_LOAD16_S },
  [Op.LHU]: { kind: 2, mask: LINE_MASK | 1, access: Wasm.I32_LOAD16_U },
  [Op.LB]: { kind: 17, mask: LINE_MASK, access: Wasm.I32_LOAD8_S },
  [Op.LBU]: { kind: 1, mask: LINE_MASK, access: Wasm.I32_LOAD8_U },
};

export const STORES: Readonly<Record<number, Omit<LoadShape, 'kind'> & { readonly size: number }>> = {
  [Op.SW_2]: { size: 4, mask: LINE_MASK | 3, access: Wasm.I32_STORE },
  [Op.SW_4]: { size: 4, mask: LINE_MASK | 3, access: Wasm.I32_STORE },
  [Op.SH]: { size: 2, mask: LINE_MASK | 1, access: Wasm.I32_STORE16 },
  [Op.SB]: { size: 1, mask: LINE_MASK, access: Wasm.I32_STORE8 },
};

/** By funct3 of the branch. */
export const CONDITIONS: Readonly<Record<number, number>> = {
  0: Wasm.I32_EQ,
  1: Wasm.I32_NE,
  4: Wasm.I32_LT_S,
  5: Wasm.I32_GE_S,
  6: Wasm.I32_LT_U,
  7: Wasm.I32_GE_U,
};
