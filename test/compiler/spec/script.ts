/**
 * A script's commands as data: modules in the binary format, actions on them, and what is expected.
 *
 * The text format of modules and the literals of constants are read by wabt: the bits of all constants of
 * a script come out of one module that has them as its globals.
 */
import wabtModule from 'wabt';
import { readModule } from '../../../images/wasm/reader.ts';
import { headOf, joined, type List, type Node, parseScript, textOf } from './wast.ts';

export type ValueType = 'i32' | 'i64' | 'f32' | 'f64';

/** A value's words, low first; or what a NaN must be. */
export type Value =
  | { readonly type: ValueType; readonly words: readonly number[] }
  | { readonly type: 'f32' | 'f64'; readonly nan: 'canonical' | 'arithmetic' };

export interface ModuleCommand {
  readonly kind: 'module';
  readonly line: number;
  readonly name: string | undefined;
  /** The bytes, or why the text could not be read. */
  readonly binary: Uint8Array | string;
}

export interface Action {
  readonly kind: 'invoke' | 'get';
  readonly module: string | undefined;
  readonly field: string;
  readonly values: readonly Value[];
}

export type Command =
  | ModuleCommand
  | {
      readonly kind: 'register';
      readonly line: number;
      readonly as: string;
      readonly name: string | undefined;
    }
  | { readonly kind: 'action'; readonly line: number; readonly action: Action }
  | {
      readonly kind: 'return';
      readonly line: number;
      readonly action: Action;
      readonly expected: readonly Value[];
    }
  | { readonly kind: 'trap'; readonly line: number; readonly action: Action; readonly message: string }
  | {
      readonly kind: 'moduleTrap';
      readonly line: number;
      readonly module: ModuleCommand;
      readonly message: string;
    }
  | {
      readonly kind: 'refused';
      readonly line: number;
      readonly module: ModuleCommand;
      readonly message: string;
      readonly form: string;
    }
  | { readonly kind: 'textOnly'; readonly line: number };

const wabt = await wabtModule();
const FEATURES = {
  mutable_globals: true,
  sat_float_to_int: true,
  sign_extension: true,
  multi_value: true,
  bulk_memory: true,
};

/** Throws for a command that is not known. */
export function readScript(source: string): readonly Command[] {
  const lists = parseScript(source);
  if (headOf(lists[0]) === 'func')
    return [{ kind: 'module', line: 1, name: undefined, binary: binaryOf(`(module ${source})`) }];
  const constants = constantBits(source, lists);
  return lists.map(list => command(source, list, constants));
}

function command(source: string, list: List, constants: ReadonlyMap<List, readonly number[]>): Command {
  const { line } = list;
  const [, first, ...rest] = list.items;
  const head = headOf(list);
  const inner = first as List;
  switch (head) {
    case 'module':
      return moduleCommand(source, list);
    case 'register':
      return { kind: 'register', line, as: textOf(first), name: nameOf(rest[0]) };
    case 'invoke':
    case 'get':
      return { kind: 'action', line, action: action(list, constants) };
    case 'assert_return':
      return {
        kind: 'return',
        line,
        action: action(inner, constants),
        expected: rest.map(each => value(each, constants)),
      };
    case 'assert_trap':
    case 'assert_exhaustion':
      if (headOf(inner) === 'module') {
        return { kind: 'moduleTrap', line, module: moduleCommand(source, inner), message: textOf(rest[0]) };
      }
      return { kind: 'trap', line, action: action(inner, constants), message: textOf(rest[0]) };
    case 'assert_invalid':
    case 'assert_malformed':
    case 'assert_unlinkable':
      if (isQuoted(inner)) return { kind: 'textOnly', line };
      return {
        kind: 'refused',
        line,
        module: moduleCommand(source, inner),
        message: textOf(rest[0]),
        form: head,
      };
    default:
      throw new Error(`line ${line}: ${head} is not a known command`);
  }
}

function isQuoted(module: List): boolean {
  return module.items.some(item => item.kind === 'atom' && item.text === 'quote');
}

function nameOf(node: Node | undefined): string | undefined {
  return node?.kind === 'atom' && node.text.startsWith('$') ? node.text : undefined;
}

function moduleCommand(source: string, list: List): ModuleCommand {
  const { line, start, end } = list;
  const name = nameOf(list.items[1]);
  const form = list.items[name === undefined ? 1 : 2];
  const isBinary = form?.kind === 'atom' && form.text === 'binary';
  const binary = isBinary
    ? joined(list.items)
    : binaryOf(
        isQuoted(list)
          ? `(module ${new TextDecoder().decode(joined(list.items))})`
          : source.slice(start, end),
      );
  return { kind: 'module', line, name, binary };
}

function binaryOf(text: string): Uint8Array | string {
  try {
    const parsed = wabt.parseWat('module.wat', new TextEncoder().encode(text), FEATURES);
    const { buffer } = parsed.toBinary({ write_debug_names: true });
    parsed.destroy();
    return buffer;
  } catch (error) {
    return (error as Error).message;
  }
}

function action(list: List, constants: ReadonlyMap<List, readonly number[]>): Action {
  const [, first, ...rest] = list.items;
  const module = nameOf(first);
  const [field, ...values] = module === undefined ? [first, ...rest] : rest;
  return {
    kind: headOf(list) === 'get' ? 'get' : 'invoke',
    module,
    field: textOf(field),
    values: values.map(each => value(each, constants)),
  };
}

function value(node: Node, constants: ReadonlyMap<List, readonly number[]>): Value {
  const list = node as List;
  const type = headOf(list)!.slice(0, 3) as ValueType;
  const [, literal] = list.items;
  const text = literal?.kind === 'atom' ? literal.text : '';
  if (text === 'nan:canonical' || text === 'nan:arithmetic') {
    return { type: type as 'f32' | 'f64', nan: text === 'nan:canonical' ? 'canonical' : 'arithmetic' };
  }
  return { type, words: constants.get(list)! };
}

function constantBits(source: string, lists: readonly List[]): ReadonlyMap<List, readonly number[]> {
  const constants: List[] = [];
  const collect = (list: List) => {
    if (headOf(list) === 'module') return;
    const [, literal] = list.items;
    const isExpectation = literal?.kind === 'atom' && /^nan:[ca]/.test(literal.text);
    if (/^[if](32|64)\.const$/.test(headOf(list) ?? '') && !isExpectation) constants.push(list);
    for (const item of list.items) if (item.kind === 'list') collect(item);
  };
  for (const list of lists) collect(list);
  const globals = constants.map(
    list => `(global ${headOf(list)!.slice(0, 3)} ${source.slice(list.start, list.end)})`,
  );
  const binary = binaryOf(`(module ${globals.join('\n')})`);
  if (typeof binary === 'string') throw new Error(`the constants cannot be read: ${binary}`);
  const read = readModule(binary).globals;
  return new Map(
    constants.map((list, index): [List, readonly number[]] => {
      const initial = read[index]!.initial!;
      if (initial.kind !== 'constant') throw new Error('a constant was expected');
      return [
        list,
        headOf(list)!.includes('64') ? [initial.low >>> 0, initial.high >>> 0] : [initial.low >>> 0],
      ];
    }),
  );
}
