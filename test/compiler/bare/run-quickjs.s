# QuickJS as a library. The engine's own stack is in its memory.
#
#   quickjs.start, quickjs._initialize   the engine is made ready
#   env.run                              evaluates the script (guest/quickjs-host.ts); gives the status
#   bare.off                             ends it with the status that it says; a trap with 100 + its cause
#   bare.script, bare.script_name, bare.arguments   addresses of what the test has put there

        .section .text.run, "ax"
        .globl  bare_main
bare_main:
        call    quickjs.start
        call    quickjs._initialize
        call    env.run
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

        .globl  bare.script
bare.script:
        la      a0, bare_script
        ret

        .globl  bare.script_name
bare.script_name:
        la      a0, bare_script_name
        ret
