/**
 * Everything that can be done to a running cluster from outside: faults, and what an operator does.
 *
 * One discriminated union, `Intervention`, told apart by `do`; one table, `FIELDS`, says what each takes
 * and in which bounds. Where it is written (a journal, a script, a plan by seed), it is checked against
 * the table and the topology by `checkIntervention`; once checked, it can be carried out.
 */
import { FRAME_HEADER_SIZE } from '../manual/ethernet.ts';
import { VIRTIO_SLOTS } from '../manual/memory-map.ts';
import { PLIC_SOURCES } from '../manual/plic.ts';
import { meant, quoted } from './suggestion.ts';
import { fieldsOf, isComputer, NICS_MAX, parseSettings, type Topology } from './topology.ts';
import { DIRECTION_DEFAULT, type DirectionSettings, type Strike } from './wire.ts';

/**
 * What can be done, to whom, with what.
 *
 *     power-off power-on reset      node                       the plug, the switch, the button
 *     type                          node text                  keys pressed at the node's serial line
 *     frame                         node nic bytes             what comes in from outside at that interface, in base64
 *     flip-ram                      node address bit           one bit of a byte of RAM
 *     flip-register                 node register bit          one bit of x1 … x31
 *     clock                         node hertz                 a slower or faster processor from now on
 *     drift                         node ppm                   the clock this much off its nominal rate
 *     freeze                        node ns                    the whole board stands still and is deaf
 *     lose-interrupt                node source                the PLIC misses the line's next rise
 *     spurious-interrupt            node source                the PLIC sees a rise that was none
 *     disk-latent                   node disk sector count     reading these fails until they are written
 *     disk-corrupt                  node disk sector           a bit flips and nothing tells
 *     disk-lost disk-torn           node disk                  the next write vanishes, or all but its head
 *     disk-misdirected              node disk by               the next write lands that much further on
 *     disk-slow                     node disk factor           so many times slower from now on; 1 is sound
 *     disk-hang disk-resume         node disk                  nothing completes until it resumes
 *     wire                          link way settings          new settings of a link (hw/lab/wire.ts)
 *     strike                        link way what [sequence]   exactly that frame, or else the next one
 */
export type Way = 'forward' | 'backward' | 'both';

export type BoardIntervention =
  | { readonly do: 'power-off' | 'power-on' | 'reset'; readonly node: number }
  | { readonly do: 'type'; readonly node: number; readonly text: string }
  | { readonly do: 'frame'; readonly node: number; readonly nic: number; readonly bytes: string }
  | { readonly do: 'flip-ram'; readonly node: number; readonly address: number; readonly bit: number }
  | { readonly do: 'flip-register'; readonly node: number; readonly register: number; readonly bit: number }
  | { readonly do: 'clock'; readonly node: number; readonly hertz: number }
  | { readonly do: 'drift'; readonly node: number; readonly ppm: number }
  | { readonly do: 'freeze'; readonly node: number; readonly ns: number }
  | {
      readonly do: 'lose-interrupt' | 'spurious-interrupt';
      readonly node: number;
      readonly source: number;
    };

/** `disk` is the board's n-th drive. */
export type DiskIntervention = { readonly node: number; readonly disk: number } & (
  | { readonly do: 'disk-latent'; readonly sector: number; readonly count: number }
  | { readonly do: 'disk-corrupt'; readonly sector: number }
  | { readonly do: 'disk-lost' | 'disk-torn' | 'disk-hang' | 'disk-resume' }
  | { readonly do: 'disk-misdirected'; readonly by: number }
  | { readonly do: 'disk-slow'; readonly factor: number }
);

export type WireIntervention =
  | {
      readonly do: 'wire';
      readonly link: number;
      readonly way: Way;
      readonly settings: Partial<DirectionSettings>;
    }
  | {
      readonly do: 'strike';
      readonly link: number;
      readonly way: Exclude<Way, 'both'>;
      readonly what: Strike['what'];
      /** How many frames were handed over before it; the next one where it is left out. */
      readonly sequence?: number;
    };

export type Intervention = BoardIntervention | DiskIntervention | WireIntervention;

/** Whether somebody did it; a frame from outside merely came. */
export function isDeed({ do: what }: Intervention): boolean {
  return what !== 'frame';
}

/** The most time that a field may state: about a hundred days. */
const NS_MAX = Number.MAX_SAFE_INTEGER;

type Field =
  | { readonly kind: 'node' | 'link' | 'text' | 'frame' | 'settings' }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; readonly optional?: true }
  | { readonly kind: 'choice'; readonly of: readonly string[] };

const NODE: Field = { kind: 'node' };
const LINK: Field = { kind: 'link' };
const ONE_WAY: Field = { kind: 'choice', of: ['forward', 'backward'] };

function integer(min: number, max: number): Field {
  return { kind: 'integer', min, max };
}

const DISK = integer(0, VIRTIO_SLOTS - 1);
const SECTOR = integer(0, 2 ** 41);
const SOURCE = integer(1, PLIC_SOURCES - 1);

const FIELDS: Readonly<Record<Intervention['do'], Readonly<Record<string, Field>>>> = {
  'power-off': { node: NODE },
  'power-on': { node: NODE },
  reset: { node: NODE },
  type: { node: NODE, text: { kind: 'text' } },
  frame: { node: NODE, nic: integer(0, NICS_MAX - 1), bytes: { kind: 'frame' } },
  'flip-ram': { node: NODE, address: integer(0, 0xffff_ffff), bit: integer(0, 7) },
  'flip-register': { node: NODE, register: integer(1, 31), bit: integer(0, 31) },
  clock: { node: NODE, hertz: integer(1_000_000, 4_000_000_000) },
  drift: { node: NODE, ppm: integer(-500_000, 500_000) },
  freeze: { node: NODE, ns: integer(1, NS_MAX) },
  'lose-interrupt': { node: NODE, source: SOURCE },
  'spurious-interrupt': { node: NODE, source: SOURCE },
  'disk-latent': { node: NODE, disk: DISK, sector: SECTOR, count: integer(1, 2 ** 24) },
  'disk-corrupt': { node: NODE, disk: DISK, sector: SECTOR },
  'disk-lost': { node: NODE, disk: DISK },
  'disk-torn': { node: NODE, disk: DISK },
  'disk-misdirected': { node: NODE, disk: DISK, by: integer(-(2 ** 41), 2 ** 41) },
  'disk-slow': { node: NODE, disk: DISK, factor: integer(1, 1_000_000) },
  'disk-hang': { node: NODE, disk: DISK },
  'disk-resume': { node: NODE, disk: DISK },
  wire: {
    link: LINK,
    way: { kind: 'choice', of: ['forward', 'backward', 'both'] },
    settings: { kind: 'settings' },
  },
  strike: {
    link: LINK,
    way: ONE_WAY,
    what: { kind: 'choice', of: ['drop', 'damage', 'corrupt', 'duplicate'] },
    sequence: { kind: 'integer', min: 0, max: NS_MAX, optional: true },
  },
};

/** What can be done, for people who ask. */
export const INTERVENTIONS = Object.keys(FIELDS) as readonly Intervention['do'][];

/** The intervention that the data describe. Throws an error that names what is wrong, and the mend. */
export function checkIntervention(data: unknown, topology: Topology): Intervention {
  const given = fieldsOf(data, 'it');
  const kind = given['do'];
  const fields = typeof kind === 'string' ? FIELDS[kind as Intervention['do']] : undefined;
  if (fields === undefined) {
    const why =
      kind === undefined ? 'does not say what to "do"' : `has an unknown "do" ${quoted(String(kind))}`;
    throw new Error(`it ${why}: ${meant(String(kind), INTERVENTIONS)}`);
  }
  fieldsOf(data, String(kind), ['do', ...Object.keys(fields)]);
  for (const [name, field] of Object.entries(fields))
    checkField(`${kind}'s ${name}`, given[name], field, topology);
  return given as Intervention;
}

function checkField(what: string, value: unknown, field: Field, topology: Topology): void {
  if (value === undefined && field.kind === 'integer' && field.optional) return;
  const shown = value === undefined ? `${what} is missing` : `${what} is ${quoted(String(value))}`;
  switch (field.kind) {
    case 'node':
      checkRange(shown, value, 0, boardCount(topology) - 1);
      break;
    case 'link':
      checkRange(shown, value, 0, topology.links.length - 1);
      break;
    case 'integer':
      checkRange(shown, value, field.min, field.max);
      break;
    case 'text':
      if (typeof value !== 'string') throw new Error(`${shown}: give a text`);
      break;
    case 'frame':
      if (typeof value !== 'string' || !/^[A-Za-z0-9+/]{19,}={0,2}$/.test(value) || value.length % 4 !== 0)
        throw new Error(`${shown}: give the base64 of ${FRAME_HEADER_SIZE} bytes or more`);
      break;
    case 'choice':
      if (!field.of.includes(value as string)) throw new Error(`${shown}: ${meant(String(value), field.of)}`);
      break;
    case 'settings':
      parseSettings(value, what, DIRECTION_DEFAULT);
      break;
  }
}

function checkRange(shown: string, value: unknown, min: number, max: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max) return;
  throw new Error(`${shown}: give a whole number from ${min} to ${max}`);
}

function boardCount(topology: Topology): number {
  return topology.nodes.filter(isComputer).length;
}
