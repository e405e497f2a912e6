/**
 * Mounts of the manifest: which service answers for which path, told to the name service when it starts. In the root
 * each has a directory of its name, as far as the root lets it, so that it is seen there; and so have the manifest's
 * `directories`.
 */
import { MOUNT_PATH, MOUNT_SERVICES } from '../../abi/manifest.ts';
import { addText, addZeroEnded } from '../../lib/line.ts';
import { textsSize } from '../../lib/start-block.ts';
import { STATE_RUNS } from '../../proto/init.ts';
import * as name from '../../proto/name.client.ts';
import * as tree from '../../proto/tree.client.ts';
import { now, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import {
  directoryCount,
  directoryTexts,
  listCount,
  listPlace,
  mountCount,
  mountRecord,
  placeInManifest,
} from './manifest.ts';
import { beginReport, endReport } from './report.ts';
import { nameOf, type Service, serviceAt } from './service.ts';

const SLASH: u32 = 0x2f;
/** "/" and its zero. */
const ROOT_SIZE: u32 = 2;
/** rwxr-xr-x */
const MODE: u32 = 0x1ed;
const ZERO: u32 = 0x30;

/** Who answers for a mount: the first of its services that there is; its port, or 0. */
export function mountedPort(index: u32): u32 {
  const record = mountRecord(index);
  for (let place: u32 = 0; place < listCount(record, MOUNT_SERVICES); place += 1) {
    const service = candidate(record, place);
    if (service.state === STATE_RUNS) return service.port;
  }
  return 0;
}

/** By the name service at `names`; `isFirst`: what is not as it should be is reported. */
export function mountAll(names: u32): void {
  for (let index: u32 = 0; index < mountCount(); index += 1) {
    const record = mountRecord(index);
    const path = placeInManifest(load<u32>(record + MOUNT_PATH));
    const port = mountedPort(index);
    if (port === 0) reportMount(path, ' is not there: none of its services is');
    else if (!bind(names, path, port))
      reportMount(path, ' cannot be mounted: the name service does not answer');
    else reportSubstitute(record, path);
    if (port !== 0) makeInRoot(path, MODE);
  }
  let path = directoryTexts();
  for (let index: u32 = 0; index < directoryCount(); index += 2) {
    const mode = path + textsSize(path, 1);
    makeInRoot(path, octal(mode));
    path = mode + textsSize(mode, 1);
  }
}

function octal(digits: u32): u32 {
  let value: u32 = 0;
  for (let at = digits; load<u8>(at) !== 0; at += 1) value = value * 8 + (<u32>load<u8>(at) - ZERO);
  return value;
}

/** It may be there already; a tree that is read-only, full or silent has none, which is no reason not to start. */
function makeInRoot(path: u32, mode: u32): void {
  const size = textsSize(path, 1) - 1;
  const root = rootPort();
  if (root === 0 || size < 2 || hasSlash(path + 1)) return;
  const end = now() + (TICKS_PER_SECOND as u64);
  tree.makeDirectoryUntil(root, end as u32, (end >> 32) as u32, path, size, mode);
}

function rootPort(): u32 {
  for (let index: u32 = 0; index < mountCount(); index += 1) {
    const path = placeInManifest(load<u32>(mountRecord(index) + MOUNT_PATH));
    if (textsSize(path, 1) === ROOT_SIZE) return mountedPort(index);
  }
  return 0;
}

function hasSlash(text: u32): bool {
  let at = text;
  while (load<u8>(at) !== 0 && load<u8>(at) !== SLASH) at += 1;
  return load<u8>(at) === SLASH;
}

function bind(names: u32, path: u32, port: u32): bool {
  const end = now() + (TICKS_PER_SECOND as u64);
  const size = textsSize(path, 1) - 1;
  return name.bindUntil(names, end as u32, (end >> 32) as u32, path, size, port) >= 0;
}

/** Where another than the best answers. */
function reportSubstitute(record: u32, path: u32): void {
  const best = candidate(record, 0);
  if (best.state === STATE_RUNS) return;
  const line = beginReport();
  addZeroEnded(line, path);
  addText(line, ' is not that of ');
  addZeroEnded(line, nameOf(best));
  addText(line, ', which is absent, but a substitute');
  endReport(line);
}

function reportMount(path: u32, text: string): void {
  const line = beginReport();
  addZeroEnded(line, path);
  addText(line, text);
  endReport(line);
}

function candidate(record: u32, place: u32): Service {
  return serviceAt(load<u32>(listPlace(record, MOUNT_SERVICES) + (place << 2)));
}
