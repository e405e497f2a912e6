/**
 * What happens to services after their start: they die and are started again, as often as the manifest says;
 * drivers that do not answer are ended first. Where that was too often, or may not be at all, since nobody else
 * knows what it knew, the machine is started again in good order, unless the manifest says that the system can do
 * without. A machine that has just been switched on goes off with a failure: starting it again would not help.
 */
import { EXIT_FAULT, EXIT_LIVES, EXIT_STATUS } from '../../abi/account.ts';
import { ARCHIVE_ENTRY_LENGTH, ARCHIVE_ENTRY_OFFSET } from '../../abi/archive.ts';
import { ERROR_QUOTA, ERROR_TIMED_OUT } from '../../abi/errors.ts';
import { INIT_ARCHIVE_ADDRESS } from '../../abi/layout.ts';
import {
  FAILURE_ESCALATES,
  SERVICE_FAILURE,
  SERVICE_PING_MILLISECONDS,
  SERVICE_RESTART_SECONDS,
  SERVICE_RESTARTS_MAX,
} from '../../abi/manifest.ts';
import { archiveFile } from '../../lib/archive.ts';
import { addFault } from '../../lib/fault.ts';
import { addByte, addNumber, addText, addZeroEnded, beginLine, type Line } from '../../lib/line.ts';
import { HALT_REBOOT, STATE_RUNS } from '../../proto/init.ts';
import { now, TICKS_PER_MILLISECOND, TICKS_PER_SECOND } from '../../runtime/clock.ts';
import { call, type Message } from '../../runtime/message.ts';
import { PING } from '../../runtime/serve.ts';
import { kill, spaceStatus } from '../../runtime/system.ts';
import { halt, switchOff, wait } from './end.ts';
import { serviceCount } from './manifest.ts';
import { beginReport, endReport } from './report.ts';
import { forgetInstance, giveUp, nameOf, type Service, serviceAt, startService } from './service.ts';

/** A machine that has run so long is worth another start. */
const WORTH_SECONDS: u32 = 10;

/** How long a new instance waits for what the last one had. */
const QUOTA_MILLISECONDS: u32 = 200;

const symbolName = memory.data(64);
const ending = memory.data(12, 4);
const pinging = memory.data(64, 4);

/** Those that have died, of the services whose bits are set, are started again. The bits of those that were. */
export function handleDeaths(bits: u32): u32 {
  let started: u32 = 0;
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    if ((bits & (1 << index)) === 0) continue;
    const service = serviceAt(index);
    if (service.space === 0 || spaceStatus(service.space, ending) === EXIT_LIVES) continue;
    if (handleDeath(service, index)) started |= 1 << index;
  }
  return started;
}

/** Whether there is a new instance. */
function handleDeath(service: Service, index: u32): bool {
  const line = beginReport();
  addZeroEnded(line, nameOf(service));
  addEnd(line, service);
  forgetInstance(service);
  if (service.isAsked === 0 && !mayRestart(service)) return end(service, line);
  if (service.isAsked !== 0) addText(line, ': started again');
  else addAttempt(line, service);
  service.isAsked = 0;
  service.restarts += 1;
  endReport(line);
  const result = startAgain(index);
  if (result === 0) return true;
  const second = beginReport();
  addZeroEnded(second, nameOf(service));
  addText(second, ' cannot be started again, error ');
  addNumber(second, -result);
  return end(service, second);
}

/** What the last instance had comes back when all who refer to it have heard of its death. */
function startAgain(index: u32): i32 {
  let result = startService(index);
  for (let waited: u32 = 0; result === ERROR_QUOTA && waited < QUOTA_MILLISECONDS; waited += 1) {
    wait(1);
    result = startService(index);
  }
  return result;
}

function addEnd(line: Line, service: Service): void {
  const how = spaceStatus(service.space, ending);
  if (how === EXIT_FAULT) {
    addText(line, ' died of a ');
    addServiceFault(line, service);
  } else if (how === EXIT_STATUS) {
    addText(line, ' ended with status ');
    addNumber(line, load<u32>(ending));
  } else {
    addText(line, ' was killed');
  }
}

function addServiceFault(line: Line, service: Service): void {
  const name = beginLine(symbolName, 64);
  addText(name, 'symbols/');
  addZeroEnded(name, nameOf(service));
  addByte(name, 0);
  const file = archiveFile(INIT_ARCHIVE_ADDRESS, name.start);
  const at = file === 0 ? 0 : INIT_ARCHIVE_ADDRESS + load<u32>(file, ARCHIVE_ENTRY_OFFSET);
  const size = file === 0 ? 0 : load<u32>(file, ARCHIVE_ENTRY_LENGTH);
  addFault(line, load<u32>(ending), load<u32>(ending, 4), load<u32>(ending, 8), at, size);
}

/** Counts this death; false where there were more than are allowed within the time. */
function mayRestart(service: Service): bool {
  const time = now();
  const begun = ((service.windowHigh as u64) << 32) | (service.windowLow as u64);
  const window = (load<u32>(service.record, SERVICE_RESTART_SECONDS) as u64) * (TICKS_PER_SECOND as u64);
  if (service.failures === 0 || time - begun > window) {
    service.failures = 0;
    service.windowLow = time as u32;
    service.windowHigh = (time >> 32) as u32;
  }
  service.failures += 1;
  return service.failures <= load<u32>(service.record, SERVICE_RESTARTS_MAX);
}

function addAttempt(line: Line, service: Service): void {
  addText(line, ': started again (');
  addNumber(line, service.failures);
  addText(line, ' of ');
  addNumber(line, load<u32>(service.record, SERVICE_RESTARTS_MAX));
  addText(line, ')');
}

/** No new instance, and maybe no machine. */
function end(service: Service, line: Line): bool {
  giveUp(service);
  if (load<u32>(service.record, SERVICE_FAILURE) !== FAILURE_ESCALATES) {
    addText(line, ': the system goes on without it');
    endReport(line);
    return false;
  }
  if (load<u32>(service.record, SERVICE_RESTARTS_MAX) > 0) addText(line, ', too often');
  const isWorth = now() > (WORTH_SECONDS as u64) * (TICKS_PER_SECOND as u64);
  addText(line, ': nothing can go on without it');
  addText(line, isWorth ? '' : ', switching off');
  endReport(line);
  if (isWorth) halt(0, 0, HALT_REBOOT);
  else switchOff(1);
  return false;
}

/** Ends services that do not answer in time; their death is told later. */
export function pingServices(): void {
  for (let index: u32 = 0; index < serviceCount(); index += 1) {
    const service = serviceAt(index);
    const milliseconds = load<u32>(service.record, SERVICE_PING_MILLISECONDS);
    if (service.state !== STATE_RUNS || service.space === 0 || milliseconds === 0) continue;
    if (answersPing(service, milliseconds)) continue;
    const line = beginReport();
    addZeroEnded(line, nameOf(service));
    addText(line, ' does not answer within ');
    addNumber(line, milliseconds);
    addText(line, ' ms');
    endReport(line);
    kill(service.space);
  }
}

/** Any answer is one, an error of a death too: that is told otherwise. */
function answersPing(service: Service, milliseconds: u32): bool {
  const message = changetype<Message>(pinging);
  const deadline = now() + (milliseconds as u64) * (TICKS_PER_MILLISECOND as u64);
  message.port = service.port;
  message.label = PING;
  message.extras = 0;
  message.deadlineLow = deadline as u32;
  message.deadlineHigh = (deadline >> 32) as u32;
  return call(message) !== ERROR_TIMED_OUT;
}
