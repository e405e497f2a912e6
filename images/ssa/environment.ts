/**
 * What the construction of SSA must know about the world outside the function: names of symbols, the traps
 * that are kept, the machine's intrinsics. The back end supplies it.
 */
import type { ConstantExpression, WasmModule } from '../wasm/module.ts';
import type { MachineOperation } from './ir.ts';

export interface Environment {
  readonly module: WasmModule;
  readonly traps: {
    readonly divide: boolean;
    readonly convert: boolean;
    readonly indirect: boolean;
    readonly wrap: boolean;
  };
  functionSymbol(index: number): string;
  globalSymbol(index: number): string;
  tableSymbol(): string;
  /** The number that stands for a function type in tables, and its name in object files. */
  typeId(typeIndex: number): number;
  signature(typeIndex: number): string;
  /** The function that a table entry surely holds, where that is known before linking. */
  tableFunction(entry: number): number | undefined;
  dataDescriptor(segment: number): string;
  elementDescriptor(segment: number): string;
  runtimeSymbol(name: string): string;
  /** The letters of the parameters (`i`, or `c` for a constant) of an intrinsic, or undefined if there is none. */
  intrinsic(
    name: string,
  ):
    | { readonly parameters: string; readonly result: string; readonly effect: MachineOperation['effect'] }
    | undefined;
  /** A global's value where it can never change and is known. */
  globalValue(index: number): ConstantExpression | undefined;
}

export const INTRINSIC_MODULE = 'rv';
/** An entry of a table: the type's number, then the code's address. */
export const TABLE_ENTRY_SIZE_LOG2 = 3;
export const TABLE_CODE_OFFSET = 4;
/** The count of entries lies before the first. */
export const TABLE_COUNT_OFFSET = -8;
