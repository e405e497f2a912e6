/**
 * The colours of the console, by what they mean. Nothing is told by a colour alone: whoever sees none
 * (NO_COLOR, a terminal of one colour, another pair of eyes) finds the same in a sign or a word.
 */
import type { Style } from './canvas.ts';

const TEAL = 80;
const ORANGE = 215;
const GREEN = 114;
const YELLOW = 221;
const RED = 203;
const BLUE = 111;
const GREY = 244;
const DARK = 239;

export const STRONG: Style = { bold: true };
export const FAINT: Style = { fg: GREY };
export const FRAME: Style = { fg: DARK };
export const FRAME_CHOSEN: Style = { fg: TEAL };
export const TITLE: Style = { fg: TEAL, bold: true };
export const ACCENT: Style = { fg: TEAL };
export const KEY: Style = { fg: ORANGE, bold: true };
export const NAME: Style = { fg: BLUE };
export const GOOD: Style = { fg: GREEN };
export const WARNING: Style = { fg: YELLOW };
export const BAD: Style = { fg: RED, bold: true };
export const CHOSEN: Style = { bg: 237, bold: true };
export const BAR: Style = { fg: 252, bg: 236 };
export const BAR_FAINT: Style = { fg: 246, bg: 236 };
export const BAR_CHOSEN: Style = { fg: 16, bg: TEAL, bold: true };
export const BAR_GOOD: Style = { fg: GREEN, bg: 236 };
export const BAR_WARNING: Style = { fg: YELLOW, bg: 236, bold: true };
export const BAR_BAD: Style = { fg: 231, bg: 160, bold: true };

/** From calm to hot, for a share of 0 … 1. */
export function heat(share: number): Style {
  if (share < 0.05) return { fg: GREY };
  if (share < 0.4) return { fg: GREEN };
  if (share < 0.75) return { fg: YELLOW };
  return { fg: RED, bold: true };
}

/** The style of a node's name, the same in every view. */
export function nodeStyle(node: number): Style {
  return { fg: [80, 215, 114, 176, 111, 203, 221, 150][node % 8]!, bold: true };
}
