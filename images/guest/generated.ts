/**
 * Generated guest sources: for every contract of os/proto its client stubs and its server dispatch, kept in
 * .build/generated for editors and type checkers and given to the compiler as files.
 *
 *     generatedSources()     path from the project → text; made only where a contract has changed
 *     tsx images/guest/generated.ts      the same as a command, for those who check types next
 *
 * What is wrong with a contract is an error whose message has a line `file:line:column: error: …` for each.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Diagnostic, formatDiagnostics } from '../../hw/cpu/asc.ts';
import type { Contract } from './contract.ts';

const PROJECT_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));
const CONTRACTS = 'os/proto';
const GENERATED_DIRECTORY = join(PROJECT_DIRECTORY, '.build', 'generated');
/** Names what the files were generated from. It is written last. */
const STAMP = join(GENERATED_DIRECTORY, 'stamp.json');
const GENERATOR = [
  'contract.ts',
  'contract-client.ts',
  'contract-server.ts',
  'contract-text.ts',
  'generated.ts',
];

export class ContractError extends Error {
  override readonly name = 'ContractError';
  readonly diagnostics: readonly Diagnostic[];
  constructor(diagnostics: readonly Diagnostic[]) {
    super(formatDiagnostics(diagnostics));
    this.diagnostics = diagnostics;
  }
}

interface Stamp {
  readonly from: string;
  readonly files: readonly string[];
}

let known: { readonly from: string; readonly sources: ReadonlyMap<string, string> } | undefined;

/** Throws ContractError. */
export async function generatedSources(): Promise<ReadonlyMap<string, string>> {
  const contracts = contractSources();
  const from = hashOf(contracts);
  if (known?.from === from) return known.sources;
  const sources = kept(from) ?? keep(from, await generate(contracts));
  known = { from, sources };
  return sources;
}

/** The files of a set of contracts, by path and text. Throws ContractError. */
export async function generate(contracts: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  // The type checker's parser takes a while to load, and most builds do without.
  const [{ readContract }, { clientText }, { serverText }] = await Promise.all([
    import('./contract.ts'),
    import('./contract-client.ts'),
    import('./contract-server.ts'),
  ]);
  const read = [...contracts].map(([path, text]) => readContract(path, text));
  const faults = read.filter(each => each !== undefined).filter(each => 'severity' in each);
  if (faults.length > 0) throw new ContractError(faults);
  const good = read.filter(each => each !== undefined).filter(each => 'methods' in each);
  refuseSharedNumbers(good);
  return new Map(
    good.flatMap(contract => [
      [`${CONTRACTS}/${contract.file}.client.ts`, clientText(contract)],
      [`${CONTRACTS}/${contract.file}.server.ts`, serverText(contract)],
    ]),
  );
}

function refuseSharedNumbers(contracts: readonly Contract[]): void {
  const byNumber = new Map<number, Contract>();
  for (const contract of contracts) {
    const { number, file } = contract;
    const other = byNumber.get(number);
    byNumber.set(number, contract);
    if (other === undefined) continue;
    const message = `@contract ${number} is that of ${other.file}.ts: give it one of its own`;
    throw new ContractError([
      { severity: 'error', message, file: `${CONTRACTS}/${file}.ts`, line: 1, column: 1 },
    ]);
  }
}

function contractSources(): ReadonlyMap<string, string> {
  const folder = join(PROJECT_DIRECTORY, CONTRACTS);
  const files = readdirSync(folder).filter(file => file.endsWith('.ts'));
  return new Map(
    files.sort().map(file => [`${CONTRACTS}/${file}`, readFileSync(join(folder, file), 'utf8')]),
  );
}

function hashOf(contracts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256').update(JSON.stringify([...contracts]));
  for (const file of GENERATOR) hash.update(readFileSync(new URL(file, import.meta.url)));
  return hash.digest('hex');
}

function kept(from: string): ReadonlyMap<string, string> | undefined {
  if (!existsSync(STAMP)) return undefined;
  const stamp = JSON.parse(readFileSync(STAMP, 'utf8')) as Stamp;
  const isThere = (file: string) => existsSync(join(GENERATED_DIRECTORY, file));
  if (stamp.from !== from || !stamp.files.every(isThere)) return undefined;
  return new Map(stamp.files.map(file => [file, readFileSync(join(GENERATED_DIRECTORY, file), 'utf8')]));
}

/** Files of contracts that are gone do not stay. */
function keep(from: string, sources: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  for (const [file, text] of sources) putInPlace(join(GENERATED_DIRECTORY, file), text);
  const folder = join(GENERATED_DIRECTORY, CONTRACTS);
  for (const file of readdirSync(folder)) {
    if (!sources.has(`${CONTRACTS}/${file}`) && file.endsWith('.ts'))
      rmSync(join(folder, file), { force: true });
  }
  putInPlace(STAMP, JSON.stringify({ from, files: [...sources.keys()] } satisfies Stamp));
  return sources;
}

function putInPlace(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  writeFileSync(partial, text);
  renameSync(partial, path);
}

async function main(): Promise<void> {
  try {
    await generatedSources();
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
