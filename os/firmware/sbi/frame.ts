/**
 * The caller's registers while an SBI call is served: a frame of 32 words in which word n is xn, and the
 * error codes of SBI 2.0, chapter 3.
 */

export const SUCCESS: i32 = 0;
export const FAILED: i32 = -1;
export const NOT_SUPPORTED: i32 = -2;
export const INVALID_PARAM: i32 = -3;
export const INVALID_ADDRESS: i32 = -5;
export const ALREADY_AVAILABLE: i32 = -6;

/** Argument n is in register an, the function number in a6, the extension in a7. */
//@inline
export function argument(frame: u32, n: u32): u32 {
  return load<u32>(frame + ((10 + n) << 2));
}

//@inline
export function functionNumber(frame: u32): u32 {
  return argument(frame, 6);
}

//@inline
export function extensionNumber(frame: u32): u32 {
  return argument(frame, 7);
}

/** What a handler returns: the error for a0; the value goes to a1. */
export function answer(frame: u32, error: i32, value: u32): i32 {
  store<u32>(frame + 44, value);
  return error;
}

/** a0, in which the legacy calls have their whole answer. */
export function setFirst(frame: u32, value: u32): void {
  store<u32>(frame + 40, value);
}
