/**
 * NAME
 *     false: do nothing, unsuccessfully
 * SYNOPSIS
 *     false
 * DESCRIPTION
 *     The exit status is 1.
 * SEE ALSO
 *     true
 */

export function main(): i32 {
  return 1;
}
