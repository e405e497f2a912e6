# QuickJS as a library: started, initialised, then env.run evaluates the script. The engine's own stack is
# in its memory; env is guest/quickjs-host.ts.

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
