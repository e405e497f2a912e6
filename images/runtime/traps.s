# Where translated code goes that has trapped: an illegal instruction at an address that tells the cause,
# by symbol and by a0, with ra behind the call in the function at fault. None of these return.
#
#   a0   cause
#   1    integer division by zero
#   2    integer overflow
#   3    invalid conversion to integer
#   4    indirect call to a function of another type
#   5    out of bounds memory access
#   6    out of bounds table access

        .macro  trap name, cause
        .section .text.trap_\name, "ax"
        .globl  runtime.trap_\name
        .type   runtime.trap_\name, @function
runtime.trap_\name:
        li      a0, \cause
        unimp
        .size   runtime.trap_\name, . - runtime.trap_\name
        .endm

        trap    divide_by_zero, 1
        trap    integer_overflow, 2
        trap    invalid_conversion, 3
        trap    indirect_type, 4
        trap    memory_bounds, 5
        trap    table_bounds, 6
