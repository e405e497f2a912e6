# A service's first instruction, and its other threads'.
#
#   _start          a0 = the argument its thread was made with; main's result is the exit status
#   thread.entry    the address where another thread begins, for a service that exports `thread`
#   tp              the thread's frame (os/runtime/call.ts): 128 bytes, aligned to 64

        .section .text.entry, "ax"
        .globl  _start
_start:
        la      gp, __global_pointer$
        la      tp, frame
        call    program.main
        li      a7, 33                  # CALL_SPACE_EXIT
        ecall
1:      j       1b

# Where another thread of the process begins, for a program that exports `thread`: a0 is its argument.
        .section .text.thread, "ax"
        .globl  thread.entry
thread.entry:
        la      a0, 2f
        ret
2:      la      gp, __global_pointer$
        addi    sp, sp, -128
        andi    sp, sp, -64
        mv      tp, sp
        call    program.thread
        li      a7, 31                  # CALL_THREAD_EXIT
        ecall
3:      j       3b

        .section .bss.frame, "aw", @nobits
        .balign 64
frame:
        .zero   128
