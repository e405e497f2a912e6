/**
 * Contracts of services (os/proto), read: an interface whose methods are calls to a port.
 *
 *     @contract 2                              in its comment: the number that labels are made of
 *     export interface Block {
 *       @idempotent                            in its comment: the stub repeats it where a server died under it
 *       read(sector: u32, into: Out): u32;
 *     }
 *
 * A parameter is a word, a lent range, or a handle (os/proto/types.ts); a range takes a word for its size. A
 * method's result goes with its status: nothing, a number of 31 bits, a handle, or an unmanaged class of the
 * same file whose fields are numbers and handles.
 */
import ts from 'typescript';
import type { Diagnostic } from '../../hw/cpu/asc.ts';

/** What a name in a contract means on the wire. */
export type Kind =
  | { readonly of: 'word'; readonly type: string; readonly words: 1 | 2 }
  | { readonly of: 'range'; readonly access: 'LENT_READABLE' | 'LENT_WRITABLE' }
  | { readonly of: 'handle'; readonly rights: readonly string[] }
  | { readonly of: 'handles' };

export interface Member {
  readonly name: string;
  readonly kind: Kind;
}

export type Result =
  | { readonly of: 'status' }
  | { readonly of: 'handle'; readonly rights: readonly string[] }
  | { readonly of: 'class'; readonly name: string; readonly fields: readonly Member[] };

export interface Method {
  readonly name: string;
  /** The label of its calls. */
  readonly label: number;
  readonly parameters: readonly Member[];
  readonly result: Result;
  readonly isIdempotent: boolean;
}

export interface Contract {
  readonly name: string;
  /** Of its file, without folder and ending. */
  readonly file: string;
  readonly number: number;
  readonly methods: readonly Method[];
}

const word = (type: string, words: 1 | 2 = 1): Kind => ({ of: 'word', type, words });
const handle = (...rights: readonly string[]): Kind => ({ of: 'handle', rights });

/** The names of os/proto/types.ts, and the numbers. */
const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['u32', word('u32')],
  ['i32', word('i32')],
  ['bool', word('bool')],
  ['u64', word('u64', 2)],
  ['i64', word('i64', 2)],
  ['In', { of: 'range', access: 'LENT_READABLE' }],
  ['Out', { of: 'range', access: 'LENT_WRITABLE' }],
  ['Send', handle('RIGHT_SEND', 'RIGHT_COPY')],
  ['Master', handle('RIGHT_SEND', 'RIGHT_COPY', 'RIGHT_MANAGE')],
  ['Notify', handle('RIGHT_NOTIFY', 'RIGHT_COPY')],
  ['Image', handle('RIGHT_READ', 'RIGHT_COPY')],
  ['Memory', handle('RIGHT_READ', 'RIGHT_WRITE', 'RIGHT_COPY')],
  ['Handle', handle('RIGHTS_ALL')],
  ['Handles', { of: 'handles' }],
]);

const WORDS_MAX = 7;
const RESULT_WORDS_MAX = 5;
const RANGES_MAX = 2;
const HANDLES_MAX = 4;
const METHODS_PER_CONTRACT = 256;

const TAKEN_NAMES: ReadonlySet<string> = new Set([
  'port',
  'low',
  'high',
  'frame',
  'request',
  'result',
  'status',
  'token',
]);

/** Thrown with the node that is wrong, inside this file only. */
class Fault extends Error {
  readonly node: ts.Node;
  constructor(node: ts.Node, message: string) {
    super(message);
    this.node = node;
  }
}

/** The contract in a file of os/proto, none where it only has constants, or what is wrong with it. */
export function readContract(path: string, text: string): Contract | Diagnostic | undefined {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  try {
    const interfaces = source.statements.filter(ts.isInterfaceDeclaration);
    const [declaration, second] = interfaces;
    if (declaration === undefined) return undefined;
    if (second !== undefined) throw new Fault(second.name, 'a file has one contract: the interface before');
    return contractOf(declaration, source);
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    return diagnosticAt(fault, source);
  }
}

function diagnosticAt({ node, message }: Fault, source: ts.SourceFile): Diagnostic {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { severity: 'error', message, file: source.fileName, line: line + 1, column: character + 1 };
}

function contractOf(declaration: ts.InterfaceDeclaration, source: ts.SourceFile): Contract {
  const name = declaration.name.text;
  const number = contractNumber(declaration);
  const classes = new Map(
    source.statements.filter(ts.isClassDeclaration).map(each => [each.name?.text ?? '', each]),
  );
  if (declaration.members.length >= METHODS_PER_CONTRACT)
    throw new Fault(declaration.name, 'too many methods');
  const methods = declaration.members.map((member, index): Method => {
    if (!ts.isMethodSignature(member) || !ts.isIdentifier(member.name))
      throw new Fault(member, `${name} has methods only`);
    return methodOf(member, number * METHODS_PER_CONTRACT + index + 1, classes);
  });
  const file = source.fileName.replace(/^.*\//, '').replace(/\.ts$/, '');
  return { name, file, number, methods };
}

function contractNumber(declaration: ts.InterfaceDeclaration): number {
  const tag = ts.getJSDocTags(declaration).find(each => each.tagName.text === 'contract');
  const number = Number(ts.getTextOfJSDocComment(tag?.comment));
  if (Number.isInteger(number) && number > 0 && number < 2 ** 20) return number;
  throw new Fault(declaration.name, `${declaration.name.text} needs its number: @contract N in its comment`);
}

type Classes = ReadonlyMap<string, ts.ClassDeclaration>;

function methodOf(member: ts.MethodSignature, label: number, classes: Classes): Method {
  const name = (member.name as ts.Identifier).text;
  if (member.questionToken !== undefined || member.typeParameters !== undefined)
    throw new Fault(member.name, `${name} can be neither optional nor generic`);
  const parameters = member.parameters.map(parameterOf);
  const count = (test: (kind: Kind) => boolean) => parameters.filter(({ kind }) => test(kind)).length;
  if (wordsOf(parameters) > WORDS_MAX)
    throw new Fault(member.name, `${name} has more than ${WORDS_MAX} words; a range's size is one of them`);
  if (count(kind => kind.of === 'range') > RANGES_MAX)
    throw new Fault(member.name, `${name} lends more than ${RANGES_MAX} ranges`);
  if (count(kind => kind.of === 'handle') > HANDLES_MAX)
    throw new Fault(member.name, `${name} sends more than ${HANDLES_MAX} handles`);
  if (count(kind => kind.of === 'handles') > 0 && count(kind => kind.of.startsWith('handle')) > 1)
    throw new Fault(member.name, `${name} has Handles, which are all its handles`);
  const isIdempotent = ts.getJSDocTags(member).some(tag => tag.tagName.text === 'idempotent');
  return { name, label, parameters, result: resultOf(member, classes), isIdempotent };
}

function parameterOf(parameter: ts.ParameterDeclaration): Member {
  if (!ts.isIdentifier(parameter.name) || parameter.questionToken !== undefined)
    throw new Fault(parameter, 'a parameter is a name and a type');
  if (TAKEN_NAMES.has(parameter.name.text))
    throw new Fault(parameter, `${parameter.name.text} is a name of the generated code’s own: find another`);
  return { name: parameter.name.text, kind: kindOf(parameter.type, parameter) };
}

function kindOf(type: ts.TypeNode | undefined, place: ts.Node): Kind {
  const name = type === undefined ? '' : type.getText();
  const kind = KINDS.get(name);
  if (kind === undefined)
    throw new Fault(type ?? place, `${name} is no kind of parameter: ${[...KINDS.keys()].join(', ')}`);
  return kind;
}

/** How many words of the message they take. */
export function wordsOf(members: readonly Member[]): number {
  return members.reduce(
    (sum, { kind }) => sum + (kind.of === 'word' ? kind.words : kind.of === 'range' ? 1 : 0),
    0,
  );
}

function resultOf(member: ts.MethodSignature, classes: Classes): Result {
  const type = member.type;
  const name = type === undefined ? '' : type.getText();
  if (type === undefined || ['void', 'u32', 'i32', 'bool'].includes(name)) return { of: 'status' };
  const kind = KINDS.get(name);
  if (kind?.of === 'handle') return { of: 'handle', rights: kind.rights };
  const declaration = classes.get(name);
  if (declaration === undefined)
    throw new Fault(type, `${name} is no result: void, u32, i32, bool, a handle, or a class of this file`);
  const fields = declaration.members.filter(ts.isPropertyDeclaration).map(fieldOf);
  if (layoutOf(fields).size > RESULT_WORDS_MAX * 4)
    throw new Fault(type, `${name} has more than ${RESULT_WORDS_MAX} words, handles counted: lend an Out`);
  return { of: 'class', name, fields };
}

function fieldOf(field: ts.PropertyDeclaration): Member {
  const kind = kindOf(field.type, field);
  const isBool = kind.of === 'word' && kind.type === 'bool';
  if (isBool || kind.of === 'range' || kind.of === 'handles')
    throw new Fault(field, 'a field is a number or a handle: u32 for a bool');
  return { name: field.name.getText(), kind };
}

/** Where the fields of an unmanaged class are, as the compiler places them: each aligned to its size. */
export function layoutOf(fields: readonly Member[]): {
  readonly offsets: readonly number[];
  readonly size: number;
} {
  let size = 0;
  const offsets = fields.map(({ kind }) => {
    const bytes = kind.of === 'word' ? kind.words * 4 : 4;
    const offset = Math.ceil(size / bytes) * bytes;
    size = offset + bytes;
    return offset;
  });
  return { offsets, size };
}

export function handlesOf(members: readonly Member[]): readonly Member[] {
  return members.filter(({ kind }) => kind.of === 'handle');
}
