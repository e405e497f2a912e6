# A program's first instruction: the module's start, main, and finish, which writes what is still buffered and
# gives the exit status. Linear memory grows by what os/runtime/heap.ts maps.
#
#   tp              the thread's frame (os/runtime/call.ts): 128 bytes, aligned to 64

        .section .text.entry, "ax"
        .globl  _start
_start:
        la      gp, __global_pointer$
        la      tp, frame
        call    program.start
        call    program.main
        call    program.finish
        li      a7, 33                  # CALL_SPACE_EXIT
        ecall
1:      j       1b

        .section .text.memory_size, "ax"
        .globl  runtime.memory_size
runtime.memory_size:
        tail    program.memorySize

        .section .text.memory_grow, "ax"
        .globl  runtime.memory_grow
runtime.memory_grow:
        tail    program.growMemory

        .section .bss.frame, "aw", @nobits
        .balign 64
frame:
        .zero   128
