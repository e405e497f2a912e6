/**
 * Contracts of services: what their generator refuses, each at its place, and what it makes of a good one.
 */
import { describe, expect, it } from 'vitest';
import { generate, generatedSources } from '../../images/guest/generated.ts';

const IMPORT = "import type { Handles, In, Out, Send } from './types.ts';\n";

function contract(...methods: readonly string[]): string {
  return `${IMPORT}/** @contract 3 */\nexport interface Sample {\n${methods.join('\n')}\n}\n`;
}

async function faultOf(text: string): Promise<string> {
  return generate(new Map([['os/proto/sample.ts', text]])).then(
    () => 'no fault',
    (error: Error) => error.message,
  );
}

// biome-ignore format: a table
const FAULTS: readonly (readonly [name: string, text: string, fault: string])[] = [
  ['a contract without a number', `${IMPORT}export interface Sample {}`, 'sample.ts:2:18: error: Sample needs its number: @contract N'],
  ['a type that is no kind of parameter', contract('read(name: string): u32;'), 'sample.ts:4:12: error: string is no kind of parameter: u32'],
  ['a result that is none', contract('read(): u64;'), 'sample.ts:4:9: error: u64 is no result'],
  ['a third range', contract('f(a: In, b: In, c: Out): void;'), 'sample.ts:4:1: error: f lends more than 2 ranges'],
  ['an eighth word', contract('f(a: u64, b: u64, c: u64, d: In, e: In): void;'), 'sample.ts:4:1: error: f has more than 7 words; a range'],
  ['a fifth handle', contract('f(a: Send, b: Send, c: Send, d: Send, e: Send): void;'), 'sample.ts:4:1: error: f sends more than 4 handles'],
  ['handles beside Handles', contract('f(a: Send, b: Handles): void;'), 'sample.ts:4:1: error: f has Handles, which'],
  ['a name of the generated code', contract('f(port: u32): void;'), 'sample.ts:4:3: error: port is a name of the generated'],
  ['a member that is no method', contract('size: u32;'), 'sample.ts:4:1: error: Sample has methods only'],
  ['two contracts in a file', `${contract()}\n/** @contract 4 */\nexport interface Other {}`, 'sample.ts:8:18: error: a file has one contract'],
  ['a result of six words', `${contract('f(): Six;')}class Six { a: u64 = 0; b: u64 = 0; c: u64 = 0 }`, 'sample.ts:4:6: error: Six has more than 5 words'],
  ['a field that is a bool', `${contract('f(): One;')}class One { a: bool = false }`, 'sample.ts:6:13: error: a field is a number or a handle'],
];

describe('what is wrong with a contract', () => {
  it.each(FAULTS)('%s is refused at its place', async (_name, text, fault) => {
    expect(await faultOf(text)).toContain(`os/proto/${fault}`);
  });

  it('a number that two contracts claim is told', async () => {
    const shared = new Map(['one', 'two'].map(name => [`os/proto/${name}.ts`, contract('f(): void;')]));
    await expect(generate(shared)).rejects.toThrow('@contract 3 is that of one.ts');
  });
});

it('every contract has a client, a server, and for each method a stub with a deadline and an answer', async () => {
  const sources = await generatedSources();
  const client = sources.get('os/proto/tree.client.ts');
  expect(client).toContain(
    'export function open(port: u32, path: u32, pathSize: u32, flags: u32, mode: u32): i32',
  );
  expect(client).toContain('export function openUntil(port: u32, low: u32, high: u32, path: u32,');
  const server = sources.get('os/proto/tree.server.ts');
  expect(server).toContain('open(request: Message, pathSize: u32, flags: u32, mode: u32): i32;');
  expect(server).toContain('export function completeOpen(token: u32, status: i32): i32');
  expect(server).toContain('export const RENAME_TO: u32 = 1;');
});

it('a file of constants alone is no contract', async () => {
  expect(await generate(new Map([['os/proto/types.ts', 'export type In = u32;']]))).toEqual(new Map());
});
