# Loops over memory beyond the D$: fills, copies, adds up bytes, and looks for one.
#
#   a0  rounds
.equ SIZE, 0x8000
run:
  la a1, from
  la a2, to
  li a3, SIZE
  add a4, a1, a3            # where `from` ends
round:
  mv t0, a1
fill:
  sw t0, 0(t0)
  sw t0, 4(t0)
  addi t0, t0, 8
  bne t0, a4, fill
  mv t0, a1
  mv t1, a2
copy:
  lw t2, 0(t0)
  sw t2, 0(t1)
  addi t0, t0, 4
  addi t1, t1, 4
  bne t0, a4, copy
  mv t1, a2
  add t3, a2, a3
sum:
  lbu t2, 0(t1)
  add a5, a5, t2
  addi t1, t1, 1
  bne t1, t3, sum
  sb zero, -1(a4)
  mv t0, a1
  li t3, 0x55
search:
  lbu t2, 0(t0)
  addi t0, t0, 1
  beq t2, t3, found
  bne t0, a4, search
found:
  addi a0, a0, -1
  bnez a0, round
  ret
  .balign 4096              # data on pages of their own
from: .zero SIZE
to: .zero SIZE
