/**
 * NAME
 *     true: do nothing, successfully
 * SYNOPSIS
 *     true
 * DESCRIPTION
 *     The exit status is 0.
 * SEE ALSO
 *     false
 */

export function main(): i32 {
  return 0;
}
