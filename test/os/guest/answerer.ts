/**
 * A server of two contracts on one port: a block device of four sectors, and a name server for one binding.
 * The list of bindings is answered when there is one. Its argument is the port's handle.
 */

import { ERROR_EXISTS, ERROR_INPUT_OUTPUT, ERROR_NOT_FOUND } from '../../../os/abi/errors.ts';
import * as block from '../../../os/proto/block.server.ts';
import { type Geometry, SECTOR_SIZE } from '../../../os/proto/block.ts';
import * as name from '../../../os/proto/name.server.ts';
import type { Resolution } from '../../../os/proto/name.ts';
import type { Message } from '../../../os/runtime/message.ts';
import { firstRequest, LATER, nextRequest } from '../../../os/runtime/serve.ts';
import { close, lentRead, lentWrite } from '../../../os/runtime/system.ts';

const SECTORS: u32 = 4;

const buffer = memory.data(64);
const extras = memory.data(64, 64);
const sectors = memory.data(2048);
const disk = memory.data(4);
const names = memory.data(16);

export function main(port: u32): i32 {
  const request = changetype<Message>(buffer);
  let result = firstRequest(request, port, extras);
  while (result >= 0) {
    if (request.label >> 8 === name.CONTRACT) name.dispatch(changetype<Names>(names), request);
    else block.dispatch(changetype<Disk>(disk), request);
    result = nextRequest(request);
  }
  return result;
}

//@unmanaged
class Disk {
  flushes: u32 = 0;

  read(request: Message, sector: u32, intoSize: u32): i32 {
    if (sector >= SECTORS || intoSize < SECTOR_SIZE) return ERROR_INPUT_OUTPUT;
    const copied = lentWrite(request.token, 0, 0, sectors + sector * SECTOR_SIZE, SECTOR_SIZE);
    return copied < 0 ? copied : 1;
  }

  write(request: Message, sector: u32, fromSize: u32): i32 {
    if (sector >= SECTORS || fromSize < SECTOR_SIZE) return ERROR_INPUT_OUTPUT;
    const copied = lentRead(request.token, 0, 0, sectors + sector * SECTOR_SIZE, SECTOR_SIZE);
    return copied < 0 ? copied : 1;
  }

  flush(_request: Message): i32 {
    this.flushes += 1;
    return 0;
  }

  geometry(_request: Message, result: Geometry): i32 {
    result.sectors = SECTORS;
    result.isReadOnly = 0;
    return 0;
  }
}

//@unmanaged
class Names {
  bound: u32 = 0;
  pathSize: u32 = 0;
  lister: u32 = 0;

  bind(_request: Message, pathSize: u32, server: u32): i32 {
    if (this.bound !== 0) {
      close(server);
      return ERROR_EXISTS;
    }
    this.bound = server;
    this.pathSize = pathSize;
    if (this.lister !== 0) name.completeList(this.lister, pathSize);
    this.lister = 0;
    return 0;
  }

  unbind(_request: Message, _pathSize: u32): i32 {
    if (this.bound === 0) return ERROR_NOT_FOUND;
    close(this.bound);
    this.bound = 0;
    return 0;
  }

  resolve(_request: Message, _pathSize: u32, result: Resolution): i32 {
    if (this.bound === 0) return ERROR_NOT_FOUND;
    result.server = this.bound;
    result.consumed = this.pathSize;
    return 0;
  }

  resolveAs(request: Message, _user: u32, pathSize: u32, result: Resolution): i32 {
    return this.resolve(request, pathSize, result);
  }

  list(request: Message, _intoSize: u32): i32 {
    if (this.bound !== 0) return this.pathSize;
    this.lister = request.token;
    return LATER;
  }
}
