/**
 * What the QuickJS module of npm's quickjs-wasi wants of its host, and a program that evaluates one source
 * text and writes the resulting string, or the exception's, to standard output.
 *
 * Modules, promises that are rejected unseen and calls from scripts to the host do not come about here:
 * each traps.
 */

//@external("quickjs", "qjs_init")
declare function init(): i32;
//@external("quickjs", "qjs_eval")
declare function evaluate(text: u32, size: u32, fileName: u32, flags: u32): u32;
//@external("quickjs", "qjs_is_exception")
declare function isException(value: u32): u32;
//@external("quickjs", "qjs_get_exception")
declare function takeException(): u32;
//@external("quickjs", "qjs_get_string")
declare function stringOf(value: u32): u32;
//@external("system", "write")
declare function write(descriptor: u32, address: u32, count: u32): i32;
/** Both end with a zero byte. */
//@external("bare", "script")
declare function script(): u32;
//@external("bare", "script_name")
declare function scriptName(): u32;

/** The exit status: 0, 1 for an exception, 2 where the engine does not start. */
export function run(): u32 {
  if (init() !== 0) return 2;
  const value = evaluate(script(), sizeOf(script()), scriptName(), 0);
  const failed = isException(value);
  const text = stringOf(failed !== 0 ? takeException() : value);
  write(1, text, sizeOf(text));
  return failed;
}

export function host_interrupt(): i32 {
  return 0;
}

/** Seconds east of Greenwich. */
export function host_get_timezone_offset(_high: u32, _low: u32): i32 {
  return 0;
}

export function host_promise_rejection(_promise: u32, _reason: u32, _handled: u32): void {
  unreachable();
}

export function host_module_normalize(_base: u32, _name: u32): u32 {
  unreachable();
  return 0;
}

export function host_module_load(_name: u32, _sizeAt: u32): u32 {
  unreachable();
  return 0;
}

export function host_call(_name: u32, _size: u32, _this: u32, _count: u32, _values: u32): u32 {
  unreachable();
  return 0;
}

function sizeOf(text: u32): u32 {
  let end = text;
  while (load<u8>(end) !== 0) end++;
  return end - text;
}
