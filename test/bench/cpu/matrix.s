# The product of two 32 by 32 matrices of words: multiplications and strided loads.
#
#   a0  rounds
run:
  la a1, left
  la a2, right
  la a3, product
round:
  li t0, 0                  # row
row:
  li t1, 0                  # column
column:
  slli t2, t0, 7
  add t2, t2, a1
  sh2add t3, t1, a2
  li t4, 32
  li t5, 0
term:
  lw a4, 0(t2)
  lw a5, 0(t3)
  addi t2, t2, 4
  mul a4, a4, a5
  addi t3, t3, 128
  add t5, t5, a4
  addi t4, t4, -1
  bnez t4, term
  slli t2, t0, 7
  add t2, t2, a3
  sh2add t2, t1, t2
  sw t5, 0(t2)
  addi t1, t1, 1
  li t6, 32
  bne t1, t6, column
  addi t0, t0, 1
  bne t0, t6, row
  addi a0, a0, -1
  bnez a0, round
  ret
  .balign 4096               # data on pages of their own
  .balign 64
left: .zero 4096
right: .zero 4096
product: .zero 4096
