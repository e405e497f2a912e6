/**
 * The command line of `npm start`: one table of options, from which parsing, suggestions and `--help` come.
 *
 *     parseStartOptions(['--cluster', 'ring:5', '--seed', '7']) → StartOptions
 */
import { readFileSync } from 'node:fs';
import type { ClusterSource } from '../session/cluster-source.ts';
import { nanoseconds } from '../session/duration.ts';
import type { ImageFiles } from '../session/recording.ts';
import { aboutHost, aboutInput, BadInput } from './bad-input.ts';
import { type OptionTable, optional, parseCount, parseSize, splitWords, tableHelp } from './option-table.ts';
import type { OutsideOption } from './outside-nodes.ts';

export interface StartOptions {
  readonly help: boolean;
  readonly cluster: ClusterSource;
  /** Nodes of it that are not emulated here. */
  readonly outside: readonly OutsideOption[];
  readonly seed: number | undefined;
  readonly system: string | undefined;
  /** Instead of a system. */
  readonly files: ImageFiles | undefined;
  readonly ramSize: number | undefined;
  readonly diskSize: number | undefined;
  readonly plain: boolean;
  readonly json: boolean;
  readonly script: string | undefined;
  readonly replay: string | undefined;
  readonly record: string | undefined;
  readonly pcap: string | undefined;
  readonly trace: string | undefined;
  readonly asciicast: string | undefined;
  /** Nanoseconds after which a session without a person ends. */
  readonly forNs: number | undefined;
}

// biome-ignore format: a table
const OPTIONS: OptionTable = {
  cluster:   { value: 'SHAPE', help: 'who is wired to whom: ring:5, mesh:4, star:8, web:6, tree:7, line:3, bus:4, random:7, links like 0-1,1-2, or a JSON file; three nodes, each wired to each, unless stated' },
  nodes:     { value: 'N', help: 'so many nodes: each wired to each up to five, around a switch from six' },
  outside:   { value: 'N[:PORT]', help: 'node N is not emulated but connects from outside, by a TCP port for each of its wires from PORT (6400 and 10 N) on, 0 for any; it is told what starts it on QEMU. Time then follows the clock of the host', repeats: true },
  seed:      { value: 'N', help: 'all chance comes from it, 1 unless stated' },
  system:    { value: 'NAME', help: 'what the boards boot, by its name in images/cluster' },
  bios:      { value: 'F', help: 'instead of a system: firmware from this file, as of machine --help' },
  kernel:    { value: 'F', help: 'the same: a kernel' },
  initrd:    { value: 'F', help: 'the same: an initial RAM disk' },
  ram:       { value: 'SIZE', help: "of each board; K, M and G are powers of 1024" },
  disk:      { value: 'SIZE', help: 'gives each board an empty disk of this size' },
  plain:     { value: '', help: 'lines with a prefix for each node instead of the full screen' },
  script:    { value: 'F', help: "run this script's function `script(session)` and end" },
  replay:    { value: 'F', help: 'do again what this file recorded, and compare' },
  record:    { value: 'F', help: 'at the end, write the session: inputs and seed, from which it can be replayed' },
  pcap:      { value: 'F', help: 'write every frame, for Wireshark' },
  trace:     { value: 'F', help: 'at the end, write a trace for chrome://tracing' },
  asciicast: { value: 'F', help: "at the end, write the first node's console for a terminal player" },
  for:       { value: 'TIME', help: 'without a person: end after so much simulated time, for example 2s' },
  json:      { value: '', help: 'one event a line as JSON; the last line is the result' },
  help:      { value: '', help: 'this text' },
};

export const CLUSTER_DEFAULT = 'mesh:3';
const MESH_MAX = 5;
/** A node has four wires at most, and each a port. */
const PORT_MAX = 65_532;

export function parseStartOptions(words: readonly string[]): StartOptions {
  const { values, operands } = splitWords(words, OPTIONS);
  const one = (name: string): string | undefined => values.get(name)?.[0];
  if (operands.length > 0)
    throw new BadInput(`'${operands[0]}' is no option: write ${meantBy(operands[0]!)}`);
  for (const [a, b] of [
    ['cluster', 'nodes'],
    ['script', 'replay'],
    ['system', 'bios'],
    ['outside', 'replay'],
  ] as const)
    if (values.has(a) && values.has(b))
      throw new BadInput(`--${a} and --${b} exclude each other: give one of them`);
  const nodes = optional(one('nodes'), text => parseCount('nodes', text));
  const outside = (values.get('outside') ?? []).map(parseOutside);
  return {
    help: values.has('help'),
    cluster: {
      ...sourceOf(one('cluster') ?? shapeOf(nodes)),
      ...(outside.length === 0 ? {} : { outside: outside.map(({ node }) => node) }),
    },
    outside,
    seed: optional(one('seed'), text => parseCount('seed', text)),
    system: one('system'),
    files: filesOf(one('bios'), one('kernel'), one('initrd')),
    ramSize: optional(one('ram'), text => parseSize('ram', text)),
    diskSize: optional(one('disk'), text => parseSize('disk', text)),
    plain: values.has('plain'),
    json: values.has('json'),
    script: one('script'),
    replay: one('replay'),
    record: one('record'),
    pcap: one('pcap'),
    trace: one('trace'),
    asciicast: one('asciicast'),
    forNs: optional(one('for'), text => aboutInput('--for: ', () => nanoseconds(text))),
  };
}

function meantBy(word: string): string {
  return /^\d+$/.test(word) ? `--nodes ${word}` : `--cluster ${word} or --script ${word}`;
}

export function startOptionsHelp(): string {
  return tableHelp(OPTIONS);
}

/** The options that start the same cluster, for a line to be repeated. */
export function sameCluster(
  { cluster, outside, ramSize, diskSize, system, files = {} }: StartOptions,
  seed: number,
): string {
  return [
    `--cluster ${cluster.name}`,
    `--seed ${seed}`,
    ...outside.map(({ node, port }) => `--outside ${node}${port === undefined ? '' : `:${port}`}`),
    ...(system === undefined ? [] : [`--system ${system}`]),
    ...(ramSize === undefined ? [] : [`--ram ${ramSize}`]),
    ...(diskSize === undefined ? [] : [`--disk ${diskSize}`]),
    ...Object.entries(files).map(([name, file]) => `--${name} ${file}`),
  ].join(' ');
}

function parseOutside(text: string): OutsideOption {
  const [, node, port] = /^(?:node)?(\d{1,3})(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (node === undefined || Number(port ?? 0) > PORT_MAX)
    throw new BadInput(
      `--outside ${text} is no node: write --outside 2, or --outside 2:6420 with the first of its ports`,
    );
  return { node: Number(node), port: optional(port, Number) };
}

function shapeOf(nodes: number | undefined): string {
  if (nodes === undefined) return CLUSTER_DEFAULT;
  if (nodes < 1) throw new BadInput('--nodes 0 is no cluster: give 1 or more');
  if (nodes === 1) return 'line:1';
  return nodes <= MESH_MAX ? `mesh:${nodes}` : `star:${nodes}`;
}

function filesOf(bios?: string, kernel?: string, initrd?: string): ImageFiles | undefined {
  if (bios === undefined && kernel === undefined && initrd === undefined) return undefined;
  return {
    ...(bios === undefined ? {} : { bios }),
    ...(kernel === undefined ? {} : { kernel }),
    ...(initrd === undefined ? {} : { initrd }),
  };
}

/** What looks like a file is one; all else is the name of a shape. */
function sourceOf(text: string): ClusterSource {
  if (!/\.json$|[/\\]/.test(text)) return { name: text };
  const json = aboutHost(`--cluster ${text}`, () => readFileSync(text, 'utf8'));
  try {
    return { name: text, data: JSON.parse(json) };
  } catch (error) {
    throw new BadInput(`${text} is not JSON: ${(error as Error).message}`);
  }
}
