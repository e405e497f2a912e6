/**
 * The smallest terminal on which the views can be drawn; on a smaller one consoles are lines, and where a window
 * becomes smaller than this there is nothing to see but a request.
 */
export const WIDTH_MIN = 40;
export const HEIGHT_MIN = 12;
