/**
 * References that may be absent: 0 stands for none. Classes are all unmanaged, so a reference is an address.
 */

//@inline
export function isNone<T>(reference: T): bool {
  return changetype<usize>(reference) === 0;
}

//@inline
export function none<T>(): T {
  return changetype<T>(<usize>0);
}
