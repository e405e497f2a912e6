# Quicksort, recursive, of 2048 pseudo-random words: calls, and branches that are hard to predict.
#
#   a0  rounds
run:
  addi sp, sp, -16
  sw ra, 0(sp)
  sw s0, 4(sp)
  mv s0, a0
round:
  la a0, numbers
  li t0, 2048
  li t1, 12345
  li t2, 1103515245
fill:
  mul t1, t1, t2
  addi t1, t1, 1234
  sw t1, 0(a0)
  addi a0, a0, 4
  addi t0, t0, -1
  bnez t0, fill
  la a0, numbers
  li a1, 8188
  add a1, a1, a0
  call sort
  addi s0, s0, -1
  bnez s0, round
  lw ra, 0(sp)
  lw s0, 4(sp)
  addi sp, sp, 16
  ret
sort:                       # a0 first, a1 last
  bgeu a0, a1, sorted
  addi sp, sp, -16
  sw ra, 0(sp)
  sw a1, 4(sp)
  lw t0, 0(a1)              # the pivot
  mv t1, a0                 # where the next smaller one goes
  mv t2, a0
scan:
  lw t3, 0(t2)
  bgt t3, t0, keep
  lw t4, 0(t1)
  sw t3, 0(t1)
  sw t4, 0(t2)
  addi t1, t1, 4
keep:
  addi t2, t2, 4
  bleu t2, a1, scan
  sw t1, 8(sp)
  addi a1, t1, -8
  call sort
  lw a0, 8(sp)
  lw a1, 4(sp)
  lw ra, 0(sp)
  addi sp, sp, 16
  j sort                    # the upper part, without growing the stack
sorted:
  ret
  .balign 4096               # data on pages of their own
  .balign 64
numbers: .zero 8192
