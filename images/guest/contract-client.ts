/**
 * The client's side of a contract, as source: a function for each method, which puts its arguments into a
 * message, calls, and gives the status, and one with a deadline.
 *
 *     read(port, sector, into, intoSize)                   waits for ever
 *     readUntil(port, low, high, sector, into, intoSize)   ERROR_TIMED_OUT at that tick of `time`
 *
 * A method that takes at most five words and gives nothing but its status is a few stores and a jump to
 * os/runtime/entry.s; the others pass words in the thread's frame (os/runtime/call.ts).
 */
import { type Contract, handlesOf, layoutOf, type Member, type Method } from './contract.ts';
import { withImports } from './contract-text.ts';

const REGISTER_WORDS = 5;

export function clientText(contract: Contract): string {
  const functions = contract.methods.flatMap(method => [stub(method, ''), stub(method, 'Until')]);
  return withImports(`Client stubs of ${contract.name} (os/proto/${contract.file}.ts).`, contract, functions);
}

type Variant = '' | 'Until';

function stub(method: Method, variant: Variant): string {
  const { name, parameters, result, isIdempotent } = method;
  const deadline = variant === '' ? [] : ['low: u32', 'high: u32'];
  const last = result.of === 'class' ? [`result: ${result.name}`] : [];
  const signature = ['port: u32', ...deadline, ...parameters.flatMap(declared), ...last].join(', ');
  const body = [
    ...frameOf(method, variant),
    ...(isIdempotent ? repeated(method, variant) : called(method, variant)),
  ];
  return `export function ${name}${variant}(${signature}): i32 {\n${body.map(line => `  ${line}\n`).join('')}}\n`;
}

function declared({ name, kind }: Member): readonly string[] {
  switch (kind.of) {
    case 'word':
      return [`${name}: ${kind.type}`];
    case 'range':
      return [`${name}: u32`, `${name}Size: u32`];
    case 'handle':
      return [`${name}: u32`];
    case 'handles':
      return [`${name}: u32`, `${name}Count: u32`];
  }
}

/** What the message carries in its words, as expressions. */
function wordExpressions(parameters: readonly Member[]): readonly string[] {
  return parameters.flatMap(({ name, kind }) => {
    if (kind.of === 'range') return [`${name}Size`];
    if (kind.of !== 'word') return [];
    if (kind.words === 2) return [`${name} as u32`, `((${name} as u64) >> 32) as u32`];
    return [kind.type === 'u32' ? name : `u32(${name})`];
  });
}

const hasExtras = ({ parameters, result }: Method) =>
  parameters.some(({ kind }) => kind.of !== 'word') ||
  result.of === 'handle' ||
  (result.of === 'class' && handlesOf(result.fields).length > 0);

/** By registers alone, or with words in the frame. */
const isFramed = (method: Method, variant: Variant) =>
  variant !== '' ||
  method.result.of === 'class' ||
  wordExpressions(method.parameters).length > REGISTER_WORDS;

/** Fills the frame: extras, deadline, words that no register has room for. */
function frameOf(method: Method, variant: Variant): readonly string[] {
  if (!isFramed(method, variant) && !hasExtras(method)) return [];
  const lines = ['const frame = tp();'];
  if (hasExtras(method)) lines.push(...extrasOf(method));
  if (isFramed(method, variant)) {
    const [low, high] = variant === '' ? ['NEVER', 'NEVER'] : ['low', 'high'];
    lines.push(
      `store<u32>(frame, ${low}, FRAME_DEADLINE_LOW);`,
      `store<u32>(frame, ${high}, FRAME_DEADLINE_HIGH);`,
    );
    const [word5 = '0', word6 = '0'] = wordExpressions(method.parameters).slice(REGISTER_WORDS);
    lines.push(`store<u32>(frame, ${word5}, FRAME_WORD5);`, `store<u32>(frame, ${word6}, FRAME_WORD6);`);
  }
  return lines;
}

function extrasOf({ parameters }: Method): readonly string[] {
  const sent = parameters.filter(({ kind }) => kind.of === 'handle');
  const many = parameters.find(({ kind }) => kind.of === 'handles');
  const ranges = parameters.filter(({ kind }) => kind.of === 'range');
  const count = many === undefined ? `${sent.length}` : `${many.name}Count`;
  return [
    `store<u32>(frame, ${count}, EXTRAS_HANDLES);`,
    `store<u32>(frame, ${ranges.length}, EXTRAS_LENT);`,
    ...(many === undefined ? [] : [`attachAll(frame, ${many.name}, ${many.name}Count);`]),
    ...sent.map(({ name, kind }, index) =>
      kind.of === 'handle' ? `attach(frame, ${index}, ${name}, ${kind.rights.join(' | ')});` : '',
    ),
    ...ranges.map(({ name, kind }, index) =>
      kind.of === 'range' ? `lend(frame, ${index}, ${name}, ${name}Size, ${kind.access});` : '',
    ),
  ];
}

function callOf(method: Method, variant: Variant): string {
  const words = [...wordExpressions(method.parameters), '0', '0', '0', '0', '0'].slice(0, REGISTER_WORDS);
  const extras = hasExtras(method) ? 'frame' : '0';
  const call = isFramed(method, variant) ? 'callFramed' : 'callPort';
  return `${call}(port, ${method.label}, ${words.join(', ')}, ${extras})`;
}

function called(method: Method, variant: Variant): readonly string[] {
  if (method.result.of === 'status') return [`return ${callOf(method, variant)};`];
  return [`const status = ${callOf(method, variant)};`, ...resultLines(method)];
}

/** The frame is as it was where no reply came. */
function repeated(method: Method, variant: Variant): readonly string[] {
  const call = callOf(method, variant);
  return [
    `let status = ${call};`,
    'for (let again: u32 = 0; status === ERROR_PEER_DIED && again < REPEATS_MAX; again += 1)',
    `  status = ${call};`,
    ...resultLines(method),
  ];
}

function resultLines({ result }: Method): readonly string[] {
  if (result.of === 'handle') return ['return status < 0 ? status : received(frame, 0);'];
  if (result.of === 'status') return ['return status;'];
  const { offsets } = layoutOf(result.fields);
  const handles = handlesOf(result.fields);
  const fields = result.fields.map((field, index) =>
    field.kind.of === 'word'
      ? `result.${field.name} = ${loaded(field.kind.type, offsets[index]!)};`
      : `result.${field.name} = received(frame, ${handles.indexOf(field)});`,
  );
  return ['if (status < 0) return status;', ...fields, 'return status;'];
}

function loaded(type: string, offset: number): string {
  return `load<${type}>(frame, FRAME_WORDS + ${offset})`;
}
