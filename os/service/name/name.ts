/**
 * The name service: the mount table, from paths to the ports of the trees that answer for them. A path goes to
 * the binding that is its longest prefix in whole components. Whoever asks as a user gets a handle that says so.
 */
import {
  ERROR_ACCESS,
  ERROR_BAD_ARGUMENT,
  ERROR_EXISTS,
  ERROR_NAME_TOO_LONG,
  ERROR_NOT_FOUND,
  ERROR_TOO_LARGE,
  ERROR_TOO_MANY,
} from '../../abi/errors.ts';
import { PATH_SIZE_MAX } from '../../abi/file.ts';
import { BADGE_INIT } from '../../abi/manifest.ts';
import { RIGHT_COPY, RIGHT_SEND } from '../../abi/rights.ts';
import { none } from '../../lib/pointer.ts';
import { isUser } from '../../lib/user.ts';
import { completeResolve, dispatch } from '../../proto/name.server.ts';
import type { Resolution } from '../../proto/name.ts';
import { deliverLent, fetchLent } from '../../runtime/lent.ts';
import type { Message } from '../../runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../../runtime/serve.ts';
import { handleNamed } from '../../runtime/start.ts';
import { close, copyHandle } from '../../runtime/system.ts';

/** The root's path is empty: every path begins with a slash anyway. */
//@unmanaged
class Binding {
  /** 0 where the entry is free. */
  port: u32 = 0;
  pathSize: u32 = 0;
}

const BINDINGS_MAX: u32 = 32;
const BOUND_SIZE_MAX: u32 = 120;
const BINDING_SIZE: u32 = 128;
const SLASH: u32 = 0x2f;

const bindings = memory.data(32 * 128, 4);
const buffer = memory.data(64, 4);
const extras = memory.data(64, 64);
/** The path that a request is about. */
const path = memory.data(1024);

export function main(_argument: u32): i32 {
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, handleNamed('port'), extras);
  while (result >= 0) {
    dispatch(none<Server>(), request);
    result = nextRequest(request);
  }
  return -result;
}

//@unmanaged
class Server {
  bind(request: Message, pathSize: u32, server: u32): i32 {
    const result = bind(request, pathSize, server);
    if (result < 0) close(server);
    return result;
  }

  unbind(request: Message, pathSize: u32): i32 {
    if (request.badge !== BADGE_INIT) return ERROR_ACCESS;
    const size = takePath(request, pathSize);
    if (size < 0) return size;
    const index = findBound(size);
    if (index === BINDINGS_MAX) return ERROR_NOT_FOUND;
    close(bindingAt(index).port);
    bindingAt(index).port = 0;
    return 0;
  }

  resolve(request: Message, pathSize: u32, result: Resolution): i32 {
    return resolve(request, request.badge, pathSize, result);
  }

  list(request: Message, intoSize: u32): i32 {
    let written: u32 = 0;
    for (let index: u32 = 0; index < BINDINGS_MAX; index += 1) {
      const binding = bindingAt(index);
      if (binding.port === 0) continue;
      memory.copy(path, boundPath(index), binding.pathSize);
      const size = max<u32>(binding.pathSize, 1);
      if (binding.pathSize === 0) store<u8>(path, SLASH);
      store<u8>(path + size, 0);
      if (intoSize - written <= size) return ERROR_TOO_LARGE;
      const result = deliverLent(request.token, 0, written, path, size + 1);
      if (result < 0) return result;
      written += size + 1;
    }
    return written;
  }

  resolveAs(request: Message, user: u32, pathSize: u32, result: Resolution): i32 {
    return isUser(request.badge) ? ERROR_ACCESS : resolve(request, user, pathSize, result);
  }
}

/** A user's handle is made for him; both ways to ask are answered alike. */
function resolve(request: Message, badge: u32, pathSize: u32, result: Resolution): i32 {
  const size = takePath(request, pathSize);
  if (size < 0) return size;
  const index = longestPrefix(size);
  if (index === BINDINGS_MAX) return ERROR_NOT_FOUND;
  const binding = bindingAt(index);
  result.server = binding.port;
  result.consumed = binding.pathSize;
  if (!isUser(badge)) return 0;
  const handle = copyHandle(binding.port, RIGHT_SEND | RIGHT_COPY, badge);
  if (handle < 0) return handle;
  result.server = handle;
  completeResolve(request.token, 0, result);
  close(handle);
  return LATER;
}

function bind(request: Message, pathSize: u32, server: u32): i32 {
  if (request.badge !== BADGE_INIT) return ERROR_ACCESS;
  const size = takePath(request, pathSize);
  if (size < 0) return size;
  if (<u32>size > BOUND_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  if (findBound(size) !== BINDINGS_MAX) return ERROR_EXISTS;
  for (let index: u32 = 0; index < BINDINGS_MAX; index += 1) {
    const binding = bindingAt(index);
    if (binding.port !== 0) continue;
    binding.port = server;
    binding.pathSize = size;
    memory.copy(boundPath(index), path, size);
    return 0;
  }
  return ERROR_TOO_MANY;
}

/** The request's path to `path`, without a slash at its end; its size, or an error. */
function takePath(request: Message, pathSize: u32): i32 {
  if (pathSize > PATH_SIZE_MAX) return ERROR_NAME_TOO_LONG;
  if (pathSize === 0) return ERROR_BAD_ARGUMENT;
  const result = fetchLent(request.token, 0, 0, path, pathSize);
  if (result < 0) return result;
  if (load<u8>(path) !== SLASH) return ERROR_BAD_ARGUMENT;
  return load<u8>(path + pathSize - 1) === SLASH ? pathSize - 1 : pathSize;
}

/** The binding of exactly the path; BINDINGS_MAX for none. */
function findBound(size: u32): u32 {
  for (let index: u32 = 0; index < BINDINGS_MAX; index += 1) {
    const binding = bindingAt(index);
    if (binding.port === 0 || binding.pathSize !== size) continue;
    if (memory.compare(boundPath(index), path, size) === 0) return index;
  }
  return BINDINGS_MAX;
}

function longestPrefix(size: u32): u32 {
  let best: u32 = BINDINGS_MAX;
  for (let index: u32 = 0; index < BINDINGS_MAX; index += 1) {
    const binding = bindingAt(index);
    if (binding.port === 0 || binding.pathSize > size) continue;
    if (binding.pathSize < size && load<u8>(path + binding.pathSize) !== SLASH) continue;
    if (memory.compare(boundPath(index), path, binding.pathSize) !== 0) continue;
    if (best === BINDINGS_MAX || binding.pathSize > bindingAt(best).pathSize) best = index;
  }
  return best;
}

function bindingAt(index: u32): Binding {
  return changetype<Binding>(bindings + index * BINDING_SIZE);
}

function boundPath(index: u32): u32 {
  return bindings + index * BINDING_SIZE + offsetof<Binding>();
}
