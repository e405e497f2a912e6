/**
 * WASI's error numbers, of those that can come about here (wasi_snapshot_preview1, type errno).
 */

export const SUCCESS: u32 = 0;
export const BADF: u32 = 8;
export const INVAL: u32 = 28;
export const NOSYS: u32 = 52;
export const SPIPE: u32 = 70;
