/**
 * What the service `tally` and its client agree on.
 */
export const TELL: u32 = 1;
export const ASK: u32 = 2;
export const NUMBERS_MAX: u32 = 512;
/** What is lent with every other number. */
export const DATA_SIZE: u32 = 4000;
