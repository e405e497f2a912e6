/**
 * The back end's stages one by one, for tests: SSA of a function of a module's text, and listings of code.
 */
import { disassemble, instructionSize } from '../../hw/cpu/disassemble.ts';
import type { ObjectFile } from '../../images/object.ts';
import { makeEnvironment } from '../../images/riscv/environment.ts';
import { Names } from '../../images/riscv/names.ts';
import type { TargetOptions } from '../../images/riscv/target.ts';
import { translate } from '../../images/riscv/translate.ts';
import { construct } from '../../images/ssa/construct.ts';
import type { SsaFunction } from '../../images/ssa/ir.ts';
import { readModule } from '../../images/wasm/reader.ts';
import { assembleText } from './codegen-rig.ts';

export const TARGET: TargetOptions = { name: 'test', profile: 'kernel', zba: true, zbb: true };

/** Every function of the module as SSA, not yet optimised. */
export function ssaOf(text: string, target: TargetOptions = TARGET): SsaFunction[] {
  const module = readModule(assembleText(text));
  const names = new Names(module, target.name);
  const env = makeEnvironment(module, names, target);
  return module.functions.flatMap(fn =>
    fn.body === undefined ? [] : [construct(env, fn, names.function(fn.index))],
  );
}

export function objectOf(text: string, target: Partial<TargetOptions> = {}): ObjectFile {
  return translate(assembleText(text), { ...TARGET, ...target });
}

/** The instructions of a function, in the disassembler's words, without addresses. */
export function codeOf(object: ObjectFile, name: string): string[] {
  const section = object.sections.find(each => each.name === `.text.${name}`);
  if (section === undefined) throw new Error(`no function ${name}`);
  const { bytes } = section;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const half = bytes[at]! | (bytes[at + 1]! << 8);
    const size = instructionSize(half);
    const word = size === 2 ? half : half | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    lines.push(disassemble(word >>> 0, at));
    at += size;
  }
  return lines;
}
