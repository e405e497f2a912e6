# An interpreter of a stack machine's bytecode that counts down and sums: indirect jumps.
#
#   a0  rounds
#   s1 bytecode pointer, s2 stack pointer, s3 table of operations
run:
  addi sp, sp, -16
  sw s1, 0(sp)
  sw s2, 4(sp)
  sw s3, 8(sp)
  la s3, operations
round:
  la s1, program
  la s2, values
next:
  lbu t0, 0(s1)
  addi s1, s1, 1
  sh2add t0, t0, s3
  lw t0, 0(t0)
  jr t0
push:
  lbu t1, 0(s1)
  addi s1, s1, 1
  sw t1, 0(s2)
  addi s2, s2, 4
  j next
add_top:
  lw t1, -4(s2)
  lw t2, -8(s2)
  add t1, t1, t2
  addi s2, s2, -4
  sw t1, -4(s2)
  j next
decrement:
  lw t1, -8(s2)
  addi t1, t1, -1
  sw t1, -8(s2)
  j next
loop_unless_zero:
  lw t1, -8(s2)
  lbu t2, 0(s1)
  addi s1, s1, 1
  beqz t1, next
  sub s1, s1, t2
  j next
stop:
  addi a0, a0, -1
  bnez a0, round
  lw s1, 0(sp)
  lw s2, 4(sp)
  lw s3, 8(sp)
  addi sp, sp, 16
  ret
  .balign 4096               # data on pages of their own
  .balign 4
operations: .word push, add_top, decrement, loop_unless_zero, stop
program: .byte 0, 200, 0, 0, 0, 3, 1, 2, 3, 6, 4
  .balign 64
values: .zero 256
