# The least program: the module `main` is started, then main.run gives the exit status. A trap ends it with
# status 100 + its cause.

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
