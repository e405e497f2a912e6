/**
 * What is in scope for guest sources of the kernel and of services, as an editor's type checker sees it:
 * the dialect's number types and built-in functions, and nothing that allocates. No host library, no Node.
 * A use of `Map`, `Array` or `console` is thereby an error before anything is compiled.
 */

declare type i8 = number;
declare type i16 = number;
declare type i32 = number;
declare type i64 = number;
declare type isize = number;
declare type u8 = number;
declare type u16 = number;
declare type u32 = number;
declare type u64 = number;
declare type usize = number;
declare type f32 = number;
declare type f64 = number;
declare type bool = boolean;

/** A conversion by name; of a function value, class or object: its address. */
declare function i8(value: unknown): i8;
declare function i16(value: unknown): i16;
declare function i32(value: unknown): i32;
declare function i64(value: unknown): i64;
declare function isize(value: unknown): isize;
declare function u8(value: unknown): u8;
declare function u16(value: unknown): u16;
declare function u32(value: unknown): u32;
declare function u64(value: unknown): u64;
declare function usize(value: unknown): usize;
declare function bool(value: unknown): bool;

declare namespace i32 {
  export const MIN_VALUE: i32;
  export const MAX_VALUE: i32;
}
declare namespace u32 {
  export const MIN_VALUE: u32;
  export const MAX_VALUE: u32;
}
declare namespace i64 {
  export const MIN_VALUE: i64;
  export const MAX_VALUE: i64;
}
declare namespace u64 {
  export const MIN_VALUE: u64;
  export const MAX_VALUE: u64;
}

declare function load<T>(address: usize, immediateOffset?: usize, immediateAlign?: usize): T;
declare function store<T>(address: usize, value: T, immediateOffset?: usize, immediateAlign?: usize): void;
declare function changetype<T>(value: unknown): T;
declare function offsetof<T>(field?: string): usize;
declare function sizeof<T>(): usize;
declare function alignof<T>(): usize;

declare function clz<T = i32>(value: T): T;
declare function ctz<T = i32>(value: T): T;
declare function popcnt<T = i32>(value: T): T;
declare function rotl<T = i32>(value: T, shift: T): T;
declare function rotr<T = i32>(value: T, shift: T): T;
declare function abs<T = i32>(value: T): T;
declare function min<T = i32>(left: T, right: T): T;
declare function max<T = i32>(left: T, right: T): T;
declare function bswap<T = u32>(value: T): T;
declare function select<T>(ifTrue: T, ifFalse: T, condition: bool): T;
declare function unreachable(): never;
declare function assert<T>(condition: T, message?: string): T;
declare function call_indirect<T = void>(index: u32, ...parameters: unknown[]): T;

declare namespace memory {
  /** Static storage of `size` zero bytes, or of the bytes given. */
  export function data(size: i32, align?: i32): usize;
  export function data<T>(values: T[], align?: i32): usize;
  export function copy(destination: usize, source: usize, size: usize): void;
  export function fill(destination: usize, value: u8, size: usize): void;
  export function compare(left: usize, right: usize, size: usize): i32;
  export function size(): i32;
  export function grow(pages: i32): i32;
}

/** The end of static memory. */
declare const __heap_base: usize;

declare function inline(target: unknown, name?: unknown): void;
declare function unmanaged(target: unknown): void;
declare function external(module: string, name: string): (target: unknown, key?: unknown) => void;

// What TypeScript itself insists on; only what does not allocate has members.
interface Array<T> {
  readonly length: i32;
  [index: number]: T;
}
type Boolean = {};
interface CallableFunction extends Function {}
interface Function {
  /** The index in the function table. */
  readonly index: u32;
}
type IArguments = {};
interface NewableFunction extends Function {}
type Number = {};
type Object = {};
type RegExp = {};
interface String {
  readonly length: i32;
  charCodeAt(index: i32): i32;
}
type Symbol = {};
