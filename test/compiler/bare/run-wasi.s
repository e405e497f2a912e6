# A WASI command: the module `main` is started and its _start run; proc_exit, or a return, ends it. A trap
# ends it with status 100 + its cause. Functions hand out the addresses of what a test has put there.

        .section .text.run, "ax"
        .globl  bare_main
bare_main:
        call    main.start
        call    main._start
        li      a0, 0
        .globl  bare.off
bare.off:
        j       bare_off

        .balign 4
        .globl  bare_trap
bare_trap:
        csrr    a0, scause
        addi    a0, a0, 100
        j       bare_off

        .globl  bare.arguments
bare.arguments:
        la      a0, bare_arguments
        ret
