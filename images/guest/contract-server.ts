/**
 * The server's side of a contract, as source: what a server must offer, the dispatch of a request to it, and
 * the answers to requests that it has kept.
 *
 *     interface BlockServer { read(request: Message, sector: u32, intoSize: u32): i32; … }
 *     dispatch(server, request)                the answer is in the request then, for nextRequest to send
 *     completeRead(token, status)              for a method that has returned LATER
 *     RENAME_FROM, RENAME_TO                   the number of each range, where a method has two
 *
 * A method gets the request, then for a word the word, for a range its size as the client says it, for a
 * handle the server's own; last the class to fill, if it gives one. What is not of the contract is refused
 * here: labels, counts of handles and ranges. Label 0 is answered by every server: it lives.
 */
import { type Contract, handlesOf, layoutOf, type Member, type Method, type Result } from './contract.ts';
import { withImports } from './contract-text.ts';

const RANGE_COUNT_SHIFT = 4;
const RESULT_WORDS = 5;

export function serverText(contract: Contract): string {
  const { name, methods, number } = contract;
  const takesHandles = methods.some(({ parameters }) =>
    parameters.some(({ kind }) => kind.of === 'handle' || kind.of === 'handles'),
  );
  return withImports(`Server dispatch of ${name} (os/proto/${contract.file}.ts).`, contract, [
    `/** Bits 8 and up of every label. */\nexport const CONTRACT: u32 = ${number};\n`,
    `/** Whether requests bring handles: whoever receives them needs extras then. */\nexport const TAKES_HANDLES: bool = ${takesHandles};\n`,
    ...methods.flatMap(rangeNumbers),
    `export interface ${name}Server {\n${methods.map(declaration).join('')}}\n`,
    dispatch(contract),
    ...methods.map(complete),
  ]);
}

function rangeNumbers({ name, parameters }: Method): readonly string[] {
  const ranges = parameters.filter(({ kind }) => kind.of === 'range');
  if (ranges.length < 2) return [];
  return ranges.map(
    (range, index) => `export const ${constant(name)}_${constant(range.name)}: u32 = ${index};\n`,
  );
}

/** makeDirectory → MAKE_DIRECTORY */
function constant(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase();
}

function declaration({ name, parameters, result }: Method): string {
  const types = parameters.map(({ name, kind }) => {
    if (kind.of === 'word') return `${name}: ${kind.type}`;
    return `${name}${{ range: 'Size', handle: '', handles: 'Count' }[kind.of]}: u32`;
  });
  const last = result.of === 'class' ? [`result: ${result.name}`] : [];
  return `  ${name}(${['request: Message', ...types, ...last].join(', ')}): i32;\n`;
}

function dispatch({ name, methods }: Contract): string {
  const cases = methods.map(
    method => `    case ${method.label}:\n      if (${shaped(method)}) ${settled(method)}\n      break;\n`,
  );
  return `export function dispatch<T extends ${name}Server>(server: T, request: Message): void {
  if (!wantsAnswer(request)) return;
  switch (request.label) {
    case PING:
      if (isShaped(request, 0)) settle(request, 0);
      break;
${cases.join('')}    default:
      refuse(request, ERROR_NO_SUCH_CALL);
  }
}
`;
}

/** Whether the extras are as many as the method has, as a condition. */
function shaped({ parameters }: Method): string {
  const count = (of: string) => parameters.filter(({ kind }) => kind.of === of).length;
  const ranges = count('range') << RANGE_COUNT_SHIFT;
  return count('handles') > 0
    ? `lends(request, ${ranges})`
    : `isShaped(request, ${ranges | count('handle')})`;
}

function settled(method: Method): string {
  const { name, parameters, result } = method;
  const overlay = result.of === 'class' ? [`changetype<${result.name}>(resultOf(request))`] : [];
  const call = `server.${name}(${['request', ...argumentsOf(parameters), ...overlay].join(', ')})`;
  if (!givesHandles(result)) return `settle(request, ${call});`;
  return `{
        const status = ${call};
        if (status !== LATER) ${completeName(method)}(${['request.token', 'status', ...overlay].join(', ')});
        request.token = 0;
      }`;
}

const givesHandles = (result: Result) =>
  result.of === 'handle' || (result.of === 'class' && handlesOf(result.fields).length > 0);

/** Where each parameter is in what was received. */
function argumentsOf(parameters: readonly Member[]): readonly string[] {
  let words = 0;
  let handles = 0;
  return parameters.map(({ kind }) => {
    if (kind.of === 'handles') return 'request.counts & 15';
    if (kind.of === 'handle') return `receivedHandle(request, ${handles++})`;
    const first = `request.word${words++}`;
    if (kind.of === 'range' || kind.type === 'u32') return first;
    if (kind.words === 1) return kind.type === 'bool' ? `${first} !== 0` : `${first} as ${kind.type}`;
    return `((u64(request.word${words++}) << 32) | u64(${first})) as ${kind.type}`;
  });
}

const completeName = ({ name }: Method) => `complete${name[0]!.toUpperCase()}${name.slice(1)}`;

function complete(method: Method): string {
  const { result } = method;
  const last = result.of === 'class' ? [`result: ${result.name}`] : [];
  const signature = ['token: u32', 'status: i32', ...last].join(', ');
  const lines = completeLines(result).map(line => `  ${line}\n`);
  return `export function ${completeName(method)}(${signature}): i32 {\n${lines.join('')}}\n`;
}

function completeLines(result: Result): readonly string[] {
  const words = [...wordsOf(result), '0', '0', '0', '0', '0'].slice(0, RESULT_WORDS).join(', ');
  if (!givesHandles(result)) return [`return answer(token, status, ${words}, 0);`];
  const handles =
    result.of === 'handle'
      ? [{ value: 'status', rights: result.rights }]
      : result.of === 'class'
        ? result.fields.flatMap(({ name, kind }) =>
            kind.of === 'handle' ? [{ value: `result.${name}`, rights: kind.rights }] : [],
          )
        : [];
  return [
    'const frame = tp();',
    `store<u32>(frame, ${handles.length}, EXTRAS_HANDLES);`,
    'store<u32>(frame, 0, EXTRAS_LENT);',
    ...handles.map(({ value, rights }, index) => `attach(frame, ${index}, ${value}, ${rights.join(' | ')});`),
    `return answerHandles(token, status, ${words});`,
  ];
}

function wordsOf(result: Result): readonly string[] {
  if (result.of !== 'class') return [];
  const { offsets, size } = layoutOf(result.fields);
  const handles = new Set(
    result.fields.flatMap(({ kind }, index) => (kind.of === 'handle' ? [offsets[index]] : [])),
  );
  return Array.from({ length: Math.ceil(size / 4) }, (_, index) =>
    handles.has(index * 4) ? '0' : `load<u32>(changetype<usize>(result), ${index * 4})`,
  );
}
