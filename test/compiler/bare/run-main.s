# The least program around a module under test.
#
#   main.start, main.run    the module is started, then this gives the exit status
#   a trap                  ends it with status 100 + its cause

        .section .text.run, "ax"
        .globl  bare_main
bare_main:
        call    main.start
        call    main.run
        j       bare_off

        .balign 4
        .globl  bare_trap
bare_trap:
        csrr    a0, scause
        addi    a0, a0, 100
        j       bare_off
