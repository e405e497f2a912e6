/**
 * The services of the manifest, as init holds them: what belongs to each for ever — its port, its devices'
 * registers and interrupts, its kept memory — and its present instance, a space that may die.
 *
 * Calls wait at a port while nobody receives there, so that clients of a service that died are answered by the
 * next instance; those that it had received are told of its death.
 */
import { RESOURCE_PAGES, RESOURCE_SPACES, RESOURCES } from '../../abi/account.ts';
import { ARCHIVE_ENTRY_LENGTH, ARCHIVE_ENTRY_OFFSET } from '../../abi/archive.ts';
import { ERROR_NOT_FOUND, ERROR_TOO_LARGE } from '../../abi/errors.ts';
import {
  INIT_ARCHIVE,
  INIT_ARCHIVE_ADDRESS,
  INIT_CONTROL,
  INIT_DEVICES,
  INIT_SPACE,
  PAGE_SHIFT,
  PAGE_SIZE,
} from '../../abi/layout.ts';
import {
  AUTHORITY_ARCHIVE,
  AUTHORITY_CONTROL,
  AUTHORITY_INIT,
  AUTHORITY_LOG,
  BADGE_SERVICE,
  DEVICE_NONE,
  DEVICES_ALL,
  DEVICES_MAX,
  LIMIT_REST,
  SERVICE_ARGUMENTS,
  SERVICE_AUTHORITY,
  SERVICE_DEVICE,
  SERVICE_DEVICE_INDEX,
  SERVICE_KEPT_PAGES,
  SERVICE_LIMITS,
  SERVICE_NAME,
  SERVICE_PRIORITY,
  SERVICE_USES,
  USE_OPTIONAL,
} from '../../abi/manifest.ts';
import {
  RIGHT_COPY,
  RIGHT_EXECUTE,
  RIGHT_MANAGE,
  RIGHT_NOTIFY,
  RIGHT_READ,
  RIGHT_SEND,
  RIGHT_WRITE,
  RIGHTS_ALL,
} from '../../abi/rights.ts';
import {
  DEVICE_ADDRESS,
  START_ADDRESS,
  START_ARGUMENT_COUNT,
  START_ARGUMENTS,
  START_HANDLE_NAME_SIZE,
} from '../../abi/start.ts';
import { archiveFile } from '../../lib/archive.ts';
import { isExecutable, isLoaded, segmentCount, segmentSize } from '../../lib/elf.ts';
import {
  addStartBytes,
  addStartHandle,
  addStartHandleNamed,
  beginStart,
  isStartWhole,
  textsSize,
} from '../../lib/start-block.ts';
import { STATE_ABSENT, STATE_FAILED, STATE_RUNS } from '../../proto/init.ts';
import { loadProgram } from '../../runtime/spawn.ts';
import {
  allowed,
  bindInterrupt,
  close,
  createInterrupt,
  createMemory,
  createPort,
  createSpace,
  grant,
  kill,
  map,
  notify,
  partOfMemory,
  startThread,
  unmap,
  used,
  watchSpace,
} from '../../runtime/system.ts';
import { addCommandLine } from './command-line.ts';
import { deviceAddress, deviceSource, findDevice } from './devices.ts';
import { listCount, listPlace, placeInManifest, serviceCount, serviceRecord } from './manifest.ts';

//@unmanaged
export class Service {
  /** Its record in the manifest. */
  record: u32 = 0;
  /** STATE_… of os/proto/init.ts. */
  state: u32 = 0;
  port: u32 = 0;
  /** How many devices it has. */
  devices: u32 = 0;
  kept: u32 = 0;
  /** The present instance; 0 between two. */
  space: u32 = 0;
  restarts: u32 = 0;
  /** Deaths since the time in the two words: the beginning of what its restarts are counted within. */
  failures: u32 = 0;
  windowLow: u32 = 0;
  windowHigh: u32 = 0;
  /** It was ended on purpose: not a failure. */
  isAsked: u32 = 0;
  pid: u32 = 0;
}

/** Bits of init's port tell which one has died. */
export const SERVICES_MAX: u32 = 24;
/** Where a start block is filled. */
const SCRATCH: u32 = 0x6100_0000;
const START_SIZE: u32 = PAGE_SIZE;
/** Beside one for each service that it uses. */
const OWN_HANDLES_MAX: u32 = 12;
const CLIENT_RIGHTS: u32 = RIGHT_SEND | RIGHT_NOTIFY | RIGHT_COPY;
const DEVICE_RIGHTS: u32 = RIGHT_READ | RIGHT_WRITE | RIGHT_COPY;
const ARCHIVE_RIGHTS: u32 = RIGHT_READ | RIGHT_EXECUTE | RIGHT_COPY;
const INTERRUPT_BIT: u32 = 1;

/** What init keeps for itself of each resource, beside the pages of services' images. */
const RESERVES = memory.data<u32>([256, 512, 8, 32, 128, 64, 1]);

const services = memory.data(24 * 48, 4);
/** A word for each two services: what the second one's port gets when the first is started again, 0 for nothing. */
const followings = memory.data(24 * 24 * 4, 4);
/** DEVICES_MAX of each service: the memory of its registers, its interrupt. */
const devices = memory.data(24 * 32, 4);

let ownPort: u32 = 0;

export function serviceAt(index: u32): Service {
  return changetype<Service>(services + index * offsetof<Service>());
}

/** The address of its name, ended by a zero. */
export function nameOf(service: Service): u32 {
  return placeInManifest(load<u32>(service.record + SERVICE_NAME));
}

/** What each service keeps for ever. Those whose device or need is not there are absent. `port` is init's. */
export function makeServices(port: u32): void {
  ownPort = port;
  assert(serviceCount() <= SERVICES_MAX && offsetof<Service>() === 48);
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    const service = serviceAt(index);
    service.record = serviceRecord(index);
    service.port = createPort();
    const isPossible = hasNeeds(service) && takeDevice(service);
    service.state = isPossible ? STATE_RUNS : STATE_ABSENT;
  }
}

/** Services come after those that they use. */
function hasNeeds(service: Service): bool {
  const uses = listPlace(service.record, SERVICE_USES);
  for (let index: u32 = 0; index < listCount(service.record, SERVICE_USES); index += 1) {
    const use = load<u32>(uses + (index << 2));
    if (use < USE_OPTIONAL && serviceAt(use).state === STATE_ABSENT) return false;
  }
  return true;
}

function takeDevice(service: Service): bool {
  const pages = load<u32>(service.record, SERVICE_KEPT_PAGES);
  if (pages !== 0) service.kept = createMemory(pages);
  const kind = load<u32>(service.record, SERVICE_DEVICE);
  if (kind === DEVICE_NONE) return true;
  const wanted = load<u32>(service.record, SERVICE_DEVICE_INDEX);
  const first: u32 = wanted === DEVICES_ALL ? 0 : wanted;
  const count: u32 = wanted === DEVICES_ALL ? DEVICES_MAX : 1;
  for (let index: u32 = 0; index < count; index += 1) {
    if (!findDevice(kind, first + index)) break;
    const device = deviceOf(service, index);
    store<u32>(device, partOfMemory(INIT_DEVICES, deviceAddress() >> PAGE_SHIFT, 1));
    store<u32>(device, createInterrupt(INIT_CONTROL, deviceSource()), 4);
    service.devices += 1;
  }
  return service.devices !== 0;
}

/** The two words of its index-th device. */
function deviceOf(service: Service, index: u32): u32 {
  const place = (changetype<usize>(service) - services) / offsetof<Service>();
  return devices + ((place * DEVICES_MAX + index) << 3);
}

/** A new instance. 0, or why there is none. */
export function startService(index: u32): i32 {
  const service = serviceAt(index);
  assert(RESOURCES === 7);
  const space = createSpace(
    limitFor(service, 0),
    limitFor(service, 1),
    limitFor(service, 2),
    limitFor(service, 3),
    limitFor(service, 4),
    limitFor(service, 5),
    limitFor(service, 6),
  );
  if (space < 0) return space;
  const result = fill(service, index, space);
  if (result < 0) {
    kill(space);
    close(space);
    return result;
  }
  service.space = space;
  watchSpace(space, ownPort, 1 << index);
  return 0;
}

/** The rest: what init has left beside a reserve and what is for services that are yet to be started. */
function limitFor(service: Service, resource: u32): u32 {
  const own = limitOf(service, resource);
  if (own !== LIMIT_REST) return own;
  let taken = load<u32>(RESERVES + (resource << 2)) + used(INIT_SPACE, resource);
  if (resource === RESOURCE_PAGES) taken += imagePages();
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    const other = serviceAt(index);
    if (other === service || other.state !== STATE_RUNS || other.space !== 0) continue;
    if (limitOf(other, resource) !== LIMIT_REST) taken += limitOf(other, resource);
    if (resource === RESOURCE_SPACES) taken += 1;
  }
  const all: u32 = allowed(INIT_SPACE, resource);
  return taken < all ? all - taken - (resource === RESOURCE_SPACES ? 1 : 0) : 0;
}

/** What all services together can come to have of the memories that init has made for them. */
function imagePages(): u32 {
  let pages: u32 = 0;
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    const service = serviceAt(index);
    const file = archiveFile(INIT_ARCHIVE_ADDRESS, nameOf(service));
    if (service.state !== STATE_RUNS || file === 0) continue;
    const elf = INIT_ARCHIVE_ADDRESS + load<u32>(file, ARCHIVE_ENTRY_OFFSET);
    if (!isExecutable(elf, load<u32>(file, ARCHIVE_ENTRY_LENGTH))) continue;
    for (let at: u32 = 0; at < segmentCount(elf); at += 1) {
      if (isLoaded(elf, at)) pages += (segmentSize(elf, at) >> PAGE_SHIFT) + 2;
    }
  }
  return pages;
}

function limitOf(service: Service, resource: u32): u32 {
  return load<u32>(service.record + SERVICE_LIMITS + (resource << 2));
}

function fill(service: Service, index: u32, space: u32): i32 {
  const file = archiveFile(INIT_ARCHIVE_ADDRESS, nameOf(service));
  if (file === 0) return ERROR_NOT_FOUND;
  const written = giveBlock(service, index, space);
  if (written < 0) return written;
  const elf = INIT_ARCHIVE_ADDRESS + load<u32>(file, ARCHIVE_ENTRY_OFFSET);
  const priority = load<u32>(service.record, SERVICE_PRIORITY);
  const thread = loadProgram(space, elf, load<u32>(file, ARCHIVE_ENTRY_LENGTH), 0, priority);
  if (thread < 0) return thread;
  for (let device: u32 = 0; device < service.devices; device += 1)
    bindInterrupt(load<u32>(deviceOf(service, device), 4), service.port, INTERRUPT_BIT << device);
  startThread(thread);
  close(thread);
  return 0;
}

/** What went wrong with the handles of the block that is being written; 0 for nothing. */
let grantFault: i32 = 0;

function giveBlock(service: Service, index: u32, space: u32): i32 {
  const pages = START_SIZE >> PAGE_SHIFT;
  const block = createMemory(pages);
  if (block < 0) return block;
  let result = map(INIT_SPACE, SCRATCH, block, 0, pages, RIGHT_READ | RIGHT_WRITE);
  if (result === 0) {
    grantFault = 0;
    writeBlock(service, index, space);
    if (!isStartWhole(SCRATCH)) grantFault = ERROR_TOO_LARGE;
    unmap(INIT_SPACE, SCRATCH);
    result = map(space, START_ADDRESS, block, 0, pages, RIGHT_READ);
  }
  close(block);
  return grantFault < 0 ? grantFault : result;
}

function writeBlock(service: Service, index: u32, space: u32): void {
  const record = service.record;
  const uses = listCount(record, SERVICE_USES);
  beginStart(SCRATCH, START_SIZE, OWN_HANDLES_MAX + uses);
  const count = listCount(record, SERVICE_ARGUMENTS);
  const texts = listPlace(record, SERVICE_ARGUMENTS);
  store<u32>(SCRATCH, count, START_ARGUMENT_COUNT);
  addStartBytes(SCRATCH, START_SIZE, START_ARGUMENTS, texts, textsSize(texts, count));
  addCommandLine(SCRATCH, START_SIZE);
  give(space, 'space', space, RIGHTS_ALL, 0);
  give(space, 'port', service.port, RIGHTS_ALL, 0);
  const badge = BADGE_SERVICE + index;
  for (let place: u32 = 0; place < uses; place += 1) {
    const use = load<u32>(listPlace(record, SERVICE_USES) + (place << 2));
    const used = serviceAt(use & (USE_OPTIONAL - 1));
    if (used.state === STATE_ABSENT) continue;
    const value = isPassedOn(record, nameOf(used))
      ? granted(space, used.port, CLIENT_RIGHTS | RIGHT_MANAGE, 0)
      : granted(space, used.port, CLIENT_RIGHTS, badge);
    addStartHandleNamed(SCRATCH, padded(nameOf(used)), value);
  }
  for (let device: u32 = 0; device < service.devices; device += 1) giveDevice(service, space, device);
  if (service.kept !== 0) give(space, 'kept', service.kept, DEVICE_RIGHTS, 0);
  const authority = load<u32>(record, SERVICE_AUTHORITY);
  if ((authority & AUTHORITY_ARCHIVE) !== 0) give(space, 'archive', INIT_ARCHIVE, ARCHIVE_RIGHTS, 0);
  if ((authority & AUTHORITY_CONTROL) !== 0) give(space, 'control', INIT_CONTROL, RIGHT_MANAGE, 0);
  if ((authority & AUTHORITY_LOG) !== 0) give(space, 'log', INIT_CONTROL, RIGHT_READ, 0);
  if ((authority & AUTHORITY_INIT) !== 0) give(space, 'init', ownPort, CLIENT_RIGHTS, badge);
}

/** Among its arguments are the services whose handles it passes on, with badges that are for it to give. */
function isPassedOn(record: u32, name: u32): bool {
  let argument = listPlace(record, SERVICE_ARGUMENTS);
  for (let index: u32 = 0; index < listCount(record, SERVICE_ARGUMENTS); index += 1) {
    const size = textsSize(argument, 1);
    if (size === textsSize(name, 1) && memory.compare(argument, name, size) === 0) return true;
    argument += size;
  }
  return false;
}

function giveDevice(service: Service, space: u32, index: u32): void {
  const registers = load<u32>(deviceOf(service, index));
  map(space, DEVICE_ADDRESS + (index << PAGE_SHIFT), registers, 0, 1, RIGHT_READ | RIGHT_WRITE);
  if (index === 0) give(space, 'device', registers, DEVICE_RIGHTS, 0);
  give(space, interruptName(index), load<u32>(deviceOf(service, index), 4), RIGHT_MANAGE, 0);
}

function interruptName(index: u32): string {
  if (index === 0) return 'interrupt';
  if (index === 1) return 'interrupt1';
  return index === 2 ? 'interrupt2' : 'interrupt3';
}

function give(space: u32, name: string, handle: u32, rights: u32, badge: u32): void {
  addStartHandle(SCRATCH, name, granted(space, handle, rights, badge));
}

function granted(space: u32, handle: u32, rights: u32, badge: u32): u32 {
  const value = grant(space, handle, rights, badge);
  if (value < 0) grantFault = value;
  return value;
}

const handleName = memory.data(12, 4);

/** The 12 bytes of a name that ends by a zero; the manifest's check has made sure that it fits. */
function padded(name: u32): u32 {
  memory.fill(handleName, 0, START_HANDLE_NAME_SIZE);
  for (let at: u32 = 0; load<u8>(name + at) !== 0; at += 1) store<u8>(handleName + at, load<u8>(name + at));
  return handleName;
}

/** What is left of an instance that has died. */
export function forgetInstance(service: Service): void {
  const index = (changetype<usize>(service) - services) / offsetof<Service>();
  for (let leader: u32 = 0; leader < SERVICES_MAX; leader += 1) follow(leader, index, 0);
  close(service.space);
  service.space = 0;
  service.pid = 0;
}

/** From now on the follower's port gets the bits whenever the leader is started again. */
export function follow(leader: u32, follower: u32, bits: u32): void {
  store<u32>(followingAt(leader, follower), bits);
}

/** The service has been started again: those who follow it are told. */
export function tellFollowers(leader: u32): void {
  for (let follower: u32 = 0; follower < SERVICES_MAX; follower += 1) {
    const bits = load<u32>(followingAt(leader, follower));
    if (bits !== 0) notify(serviceAt(follower).port, bits);
  }
}

function followingAt(leader: u32, follower: u32): u32 {
  return followings + ((leader * SERVICES_MAX + follower) << 2);
}

/** It is not started again: who calls it is told that it is dead. */
export function giveUp(service: Service): void {
  service.state = STATE_FAILED;
  close(service.port);
}
