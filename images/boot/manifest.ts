/**
 * A cluster's manifest, images/cluster/<name>.json: which services and programs a node runs, with what
 * authority. `readManifest` checks everything that can be wrong with it and says the mend; `manifestFile`
 * makes of it the boot archive's file (os/abi/manifest.ts) that init follows.
 *
 *     services      by name: { priority, device, uses, authority, arguments, limits, restart, kept, source, … }
 *     mounts        by path: the services that may answer there, best first
 *     sessions      programs that init runs: { run, arguments, console, atEnd }
 *     programs      names of the programs in the archive; absent: all there are
 *     privileged    those of them that run as root, whoever starts them
 *     environment   what every session begins with
 *     directories   what the root has from the start, beside those of the mounts, with their modes: "/tmp": "1777"
 *
 * A limit may be "rest": what is left when all others have got theirs; for one service.
 *
 * A service may call those that it `uses` and nobody else; with a question mark: if they are in this machine. Nobody may use, even by way of others, what uses
 * it: so no two can wait for each other, and there is an order of start.
 */
import * as layout from '../../os/abi/manifest.ts';
import { RecordWriter } from './record-writer.ts';
import { list, member, number, record, text, texts, word } from './validation.ts';

export interface Manifest {
  /** In the order of start: each after all that it uses. */
  readonly services: readonly Service[];
  readonly mounts: readonly { readonly path: string; readonly services: readonly string[] }[];
  readonly sessions: readonly Session[];
  readonly programs: readonly string[] | undefined;
  readonly environment: readonly string[];
  /** Path and mode, in octal digits, in turn. */
  readonly directories: readonly string[];
  readonly privileged: readonly string[];
}

interface Service {
  readonly name: string;
  /** Its entry source, relative to the project; undefined: at its place in os/driver or os/service. */
  readonly source: string | undefined;
  readonly priority: number;
  readonly limits: readonly number[];
  readonly device: { readonly kind: number; readonly index: number };
  readonly restart: { readonly max: number; readonly withinSeconds: number; readonly failure: number };
  readonly pingMilliseconds: number;
  readonly keptPages: number;
  readonly uses: readonly Use[];
  readonly arguments: readonly string[];
  readonly authority: number;
}

/** Where it is optional, the service runs without the other too. */
interface Use {
  readonly name: string;
  readonly isOptional: boolean;
}

interface Session {
  readonly run: string;
  readonly arguments: readonly string[];
  readonly console: string;
  readonly atEnd: number;
}

const PRIORITY_MAX = 30;
const DRIVER_PING_MILLISECONDS = 500;
const NAME = /^[a-z][a-z0-9-]{0,10}$/;
/** Named handles have twelve bytes; these have another meaning. */
const TAKEN_NAMES = ['init', 'space', 'port', 'device', 'interrupt', 'control'];
const LIMIT_DEFAULTS = { pages: 64, handles: 64, threads: 2, ports: 4, memories: 16, timers: 8, spaces: 0 };
const VIRTIO_TYPES = { net: 1, block: 2, entropy: 4 };
const AUTHORITIES = {
  archive: layout.AUTHORITY_ARCHIVE,
  control: layout.AUTHORITY_CONTROL,
  init: layout.AUTHORITY_INIT,
  log: layout.AUTHORITY_LOG,
};
const FAILURES = { escalate: layout.FAILURE_ESCALATES, 'give up': layout.FAILURE_IS_BORNE };
const ENDS = { restart: layout.SESSION_RESTARTS, off: layout.SESSION_ENDS };

/** Throws an error of one line. `name` is the file's, for messages. */
export function readManifest(json: string, name: string): Manifest {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    throw new Error(`${name} is not JSON: ${(error as Error).message}`);
  }
  return manifestOf(data, name);
}

/** The same from what JSON.parse gave. */
export function manifestOf(data: unknown, name: string): Manifest {
  const all = record(data, name, [
    'services',
    'mounts',
    'sessions',
    'programs',
    'privileged',
    'environment',
    'directories',
  ]);
  const services = Object.entries(record(all['services'] ?? {}, `${name}: services`)).map(([key, value]) =>
    serviceOf(key, value, `${name}: services.${key}`),
  );
  const known = services.map(service => service.name);
  for (const service of services) {
    const place = `${name}: services.${service.name}.uses`;
    for (const { name: used } of service.uses) member(used, place, known);
  }
  const mounts = Object.entries(record(all['mounts'] ?? {}, `${name}: mounts`)).map(([path, value]) => {
    const place = `${name}: mounts.${path}`;
    if (!/^\/([\w.-]+(\/[\w.-]+)*)?$/.test(path)) throw new Error(`${place}: write an absolute path: /a/b`);
    const candidates = typeof value === 'string' ? [value] : texts(value, place);
    return { path, services: candidates.map(each => member(each, place, known)) };
  });
  const sessions = list(all['sessions'] ?? [], `${name}: sessions`).map((value, index) =>
    sessionOf(value, `${name}: sessions[${index}]`),
  );
  const programs = all['programs'] === undefined ? undefined : texts(all['programs'], `${name}: programs`);
  const environment = Object.entries(record(all['environment'] ?? {}, `${name}: environment`)).map(
    ([key, value]) => `${key}=${text(value, `${name}: environment.${key}`)}`,
  );
  const directories = directoriesOf(all['directories'] ?? {}, `${name}: directories`);
  const privileged = texts(all['privileged'] ?? [], `${name}: privileged`);
  const started = inOrderOfStart(services, name);
  return { services: started, mounts, sessions, programs, privileged, environment, directories };
}

function directoriesOf(value: unknown, place: string): readonly string[] {
  return Object.entries(record(value, place)).flatMap(([path, of]) => {
    const mode = text(of, `${place}.${path}`);
    if (!/^\/[\w.-]+$/.test(path)) throw new Error(`${place}: ${path}: write one in the root: /tmp`);
    if (!/^[0-7]{3,4}$/.test(mode)) throw new Error(`${place}.${path}: write a mode: "755"`);
    return [path, mode];
  });
}

const SERVICE_KEYS = [
  'source',
  'priority',
  'limits',
  'device',
  'restart',
  'pingMilliseconds',
  'kept',
  'uses',
  'arguments',
  'authority',
];

function serviceOf(name: string, data: unknown, place: string): Service {
  if (!NAME.test(name) || TAKEN_NAMES.includes(name))
    throw new Error(
      `${place}: not a service's name: take up to 11 lower-case letters, not ${TAKEN_NAMES.join(', ')}`,
    );
  const all = record(data, place, SERVICE_KEYS);
  return {
    name,
    source: all['source'] === undefined ? undefined : text(all['source'], `${place}.source`),
    priority: number(all['priority'] ?? 20, `${place}.priority`, 0, PRIORITY_MAX),
    limits: limitsOf(all['limits'] ?? {}, `${place}.limits`),
    device: deviceOf(all['device'], `${place}.device`),
    restart: restartOf(all['restart'] ?? {}, `${place}.restart`),
    pingMilliseconds: number(all['pingMilliseconds'] ?? pingOf(all), `${place}.pingMilliseconds`, 0, 60_000),
    keptPages: number(all['kept'] ?? 0, `${place}.kept`, 0, 4096),
    uses: texts(all['uses'] ?? [], `${place}.uses`).map(useOf),
    arguments: texts(all['arguments'] ?? [], `${place}.arguments`),
    authority: texts(all['authority'] ?? [], `${place}.authority`).reduce(
      (bits, each) => bits | word(each, `${place}.authority`, AUTHORITIES),
      0,
    ),
  };
}

function useOf(written: string): Use {
  const isOptional = written.endsWith('?');
  return { name: isOptional ? written.slice(0, -1) : written, isOptional };
}

/** A driver has nobody to wait for; whoever calls others may be silent through no fault of its own. */
function pingOf(service: Readonly<Record<string, unknown>>): number {
  return service['device'] === undefined ? 0 : DRIVER_PING_MILLISECONDS;
}

function limitsOf(data: unknown, place: string): readonly number[] {
  const all = record(data, place, Object.keys(LIMIT_DEFAULTS));
  return Object.entries(LIMIT_DEFAULTS).map(([resource, usual]) =>
    all[resource] === 'rest'
      ? layout.LIMIT_REST
      : number(all[resource] ?? usual, `${place}.${resource}`, 0, 0x7fff_ffff),
  );
}

function deviceOf(data: unknown, place: string): Service['device'] {
  if (data === undefined) return { kind: layout.DEVICE_NONE, index: 0 };
  if (typeof data === 'string')
    return { kind: word(data, place, { uart: layout.DEVICE_UART, rtc: layout.DEVICE_RTC }), index: 0 };
  const all = record(data, place, ['virtio', 'index']);
  const type = word(text(all['virtio'], `${place}.virtio`), `${place}.virtio`, VIRTIO_TYPES);
  const index = all['index'] ?? 0;
  return {
    kind: layout.DEVICE_VIRTIO + type,
    index: index === 'all' ? layout.DEVICES_ALL : number(index, `${place}.index`, 0, 7),
  };
}

function restartOf(data: unknown, place: string): Service['restart'] {
  const all = record(data, place, ['max', 'withinSeconds', 'otherwise']);
  return {
    max: number(all['max'] ?? 3, `${place}.max`, 0, 1_000_000),
    withinSeconds: number(all['withinSeconds'] ?? 10, `${place}.withinSeconds`, 1, 86_400),
    failure: word(text(all['otherwise'] ?? 'escalate', place), `${place}.otherwise`, FAILURES),
  };
}

function sessionOf(data: unknown, place: string): Session {
  const all = record(data, place, ['run', 'arguments', 'console', 'atEnd']);
  const run = text(all['run'], `${place}.run`);
  const console = text(all['console'] ?? '/dev/console', `${place}.console`);
  for (const path of [run, console])
    if (!path.startsWith('/'))
      throw new Error(`${place}: ${path} is not an absolute path: write /boot/bin/sh`);
  return {
    run,
    arguments: texts(all['arguments'] ?? [run.slice(run.lastIndexOf('/') + 1)], `${place}.arguments`),
    console,
    atEnd: word(text(all['atEnd'] ?? 'restart', `${place}.atEnd`), `${place}.atEnd`, ENDS),
  };
}

/** Each after all that it uses; throws where that cannot be. */
function inOrderOfStart(services: readonly Service[], name: string): readonly Service[] {
  const ordered: Service[] = [];
  const visit = (service: Service, path: readonly string[]): void => {
    if (ordered.includes(service)) return;
    const circle = path.indexOf(service.name);
    if (circle >= 0)
      throw new Error(
        `${name}: services use each other in a circle: ${[...path.slice(circle), service.name].join(' → ')}: take one use out`,
      );
    for (const used of service.uses)
      visit(services.find(each => each.name === used.name)!, [...path, service.name]);
    ordered.push(service);
  };
  for (const service of services) visit(service, []);
  return ordered;
}

/** The boot archive's file. */
export function manifestFile(manifest: Manifest): Uint8Array {
  const indexOf = (name: string) => manifest.services.findIndex(service => service.name === name);
  const writer = new RecordWriter(layout.MANIFEST_HEADER_SIZE);
  writer.word(0, layout.MANIFEST_MAGIC);
  const services = writer.list(layout.MANIFEST_SERVICES, manifest.services.length, layout.SERVICE_SIZE);
  manifest.services.forEach((service, index) => {
    const at = services + index * layout.SERVICE_SIZE;
    writer.text(at + layout.SERVICE_NAME, service.name);
    writer.word(at + layout.SERVICE_PRIORITY, service.priority);
    for (const [resource, limit] of service.limits.entries())
      writer.word(at + layout.SERVICE_LIMITS + resource * 4, limit);
    writer.word(at + layout.SERVICE_DEVICE, service.device.kind);
    writer.word(at + layout.SERVICE_DEVICE_INDEX, service.device.index);
    writer.word(at + layout.SERVICE_RESTARTS_MAX, service.restart.max);
    writer.word(at + layout.SERVICE_RESTART_SECONDS, service.restart.withinSeconds);
    writer.word(at + layout.SERVICE_FAILURE, service.restart.failure);
    writer.word(at + layout.SERVICE_PING_MILLISECONDS, service.pingMilliseconds);
    writer.words(
      at + layout.SERVICE_USES,
      service.uses.map(used => indexOf(used.name) + (used.isOptional ? layout.USE_OPTIONAL : 0)),
    );
    writer.texts(at + layout.SERVICE_ARGUMENTS, [service.name, ...service.arguments]);
    writer.word(at + layout.SERVICE_AUTHORITY, service.authority);
    writer.word(at + layout.SERVICE_KEPT_PAGES, service.keptPages);
  });
  const mounts = writer.list(layout.MANIFEST_MOUNTS, manifest.mounts.length, layout.MOUNT_SIZE);
  manifest.mounts.forEach(({ path, services: candidates }, index) => {
    const at = mounts + index * layout.MOUNT_SIZE;
    writer.text(at + layout.MOUNT_PATH, path);
    writer.words(at + layout.MOUNT_SERVICES, candidates.map(indexOf));
  });
  const sessions = writer.list(layout.MANIFEST_SESSIONS, manifest.sessions.length, layout.SESSION_SIZE);
  manifest.sessions.forEach((session, index) => {
    const at = sessions + index * layout.SESSION_SIZE;
    writer.text(at + layout.SESSION_PROGRAM, session.run);
    writer.texts(at + layout.SESSION_ARGUMENTS, session.arguments);
    writer.text(at + layout.SESSION_CONSOLE, session.console);
    writer.word(at + layout.SESSION_AT_END, session.atEnd);
  });
  writer.texts(layout.MANIFEST_ENVIRONMENT, manifest.environment);
  writer.texts(layout.MANIFEST_DIRECTORIES, manifest.directories);
  return writer.taken(layout.MANIFEST_SIZE);
}
