# Calls a list of functions and sends what comes back to the UART.
#
#   step    kind, address, argument words, result words, then the arguments (at least eight words)
#   kind    0 the end · 1 a call · 2 words of memory at the address
#   result  0 and the result words, or 1, scause, sepc, stval, a0
#
# A trap ends its call and the next step goes on, on a fresh stack.

        .section .text.invoke, "ax"
        .globl  bare_main
bare_main:
        la      s0, bare_steps
        la      s1, bare_results
next:
        lw      t0, 0(s0)
        beqz    t0, finish
        lw      t1, 4(s0)
        lw      s2, 8(s0)
        lw      s3, 12(s0)
        addi    t0, t0, -1
        bnez    t0, read_words

        la      t0, bare_progress
        sw      s0, 0(t0)
        sw      s1, 4(t0)
        li      sp, 0x50000000
        addi    t0, s2, -8              # words on the stack: arguments from the ninth, then results
        bgez    t0, 1f
        li      t0, 0
1:      mv      s4, t0
        addi    t2, s3, -8
        bgez    t2, 2f
        li      t2, 0
2:      add     t0, t0, t2
        slli    t0, t0, 2
        addi    t0, t0, 15
        andi    t0, t0, -16
        sub     sp, sp, t0
        addi    t2, s0, 48
        mv      t3, sp
        mv      t4, s4
3:      beqz    t4, 4f
        lw      t5, 0(t2)
        sw      t5, 0(t3)
        addi    t2, t2, 4
        addi    t3, t3, 4
        addi    t4, t4, -1
        j       3b
4:      lw      a0, 16(s0)
        lw      a1, 20(s0)
        lw      a2, 24(s0)
        lw      a3, 28(s0)
        lw      a4, 32(s0)
        lw      a5, 36(s0)
        lw      a6, 40(s0)
        lw      a7, 44(s0)
        jalr    t1

        sw      zero, 0(s1)             # the first eight of a0 … a7, those beyond from the stack
        sw      a0, 4(s1)
        sw      a1, 8(s1)
        sw      a2, 12(s1)
        sw      a3, 16(s1)
        sw      a4, 20(s1)
        sw      a5, 24(s1)
        sw      a6, 28(s1)
        sw      a7, 32(s1)
        slli    t0, s4, 2
        add     t0, t0, sp
        addi    t1, s1, 36
        addi    t2, s3, -8
5:      blez    t2, advance
        lw      t3, 0(t0)
        sw      t3, 0(t1)
        addi    t0, t0, 4
        addi    t1, t1, 4
        addi    t2, t2, -1
        j       5b

read_words:
        sw      zero, 0(s1)
        addi    t2, s1, 4
        mv      t3, s3
6:      beqz    t3, advance
        lw      t4, 0(t1)
        sw      t4, 0(t2)
        addi    t1, t1, 4
        addi    t2, t2, 4
        addi    t3, t3, -1
        j       6b

advance:
        addi    s1, s1, 4
        slli    t0, s3, 2
        add     s1, s1, t0
step_on:
        lw      t0, 8(s0)
        li      t1, 8
        bgeu    t0, t1, 7f
        mv      t0, t1
7:      slli    t0, t0, 2
        add     s0, s0, t0
        addi    s0, s0, 16
        j       next

        .balign 4
        .globl  bare_trap
bare_trap:
        lui     gp, %hi(__global_pointer$)
        addi    gp, gp, %lo(__global_pointer$)
        la      t0, bare_progress
        lw      s0, 0(t0)
        lw      s1, 4(t0)
        li      t0, 1
        sw      t0, 0(s1)
        csrr    t0, scause
        sw      t0, 4(s1)
        csrr    t0, sepc
        sw      t0, 8(s1)
        csrr    t0, stval
        sw      t0, 12(s1)
        sw      a0, 16(s1)
        addi    s1, s1, 20
        li      sp, 0x50000000
        j       step_on

finish:
        li      sp, 0x50000000
        la      s0, bare_results
8:      beq     s0, s1, 9f
        lbu     a0, 0(s0)
        call    bare_put
        addi    s0, s0, 1
        j       8b
9:      li      a0, 0
        j       bare_off

        .section .bss.invoke, "aw", @nobits
        .balign 4
bare_progress:
        .space  8
bare_results:
        .space  0x100000
