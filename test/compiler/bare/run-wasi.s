# A WASI command around a module under test.
#
#   main.start, main._start   the module is started and run; a return is status 0
#   bare.off                  ends it with the status that it says; a trap with 100 + its cause
#   bare.arguments            gives the address of the command line, which the test has put there

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
