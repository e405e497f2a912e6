# Copies 4 KiB by words, four at a time: loads and stores that hit.
#
#   a0  rounds
run:
  la a1, from
  la a2, to
round:
  mv t0, a1
  mv t1, a2
  li t2, 4096
  add t2, t2, t0
copy:
  lw a3, 0(t0)
  lw a4, 4(t0)
  lw a5, 8(t0)
  lw a6, 12(t0)
  sw a3, 0(t1)
  sw a4, 4(t1)
  sw a5, 8(t1)
  sw a6, 12(t1)
  addi t0, t0, 16
  addi t1, t1, 16
  bne t0, t2, copy
  addi a0, a0, -1
  bnez a0, round
  ret
  .balign 4096               # data on pages of their own
  .balign 64
from: .zero 4096
to: .zero 4096
