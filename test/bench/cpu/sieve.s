# Primes below 8192 by the sieve of Eratosthenes: byte loads and stores in short loops.
#
#   a0  rounds
run:
  la a1, flags
  li a2, 8192
round:
  mv t0, a1
  add t1, a1, a2
  li t2, -1
fill:
  sw t2, 0(t0)
  addi t0, t0, 4
  bltu t0, t1, fill
  li t3, 2
candidate:
  add t0, a1, t3
  lbu t4, 0(t0)
  beqz t4, composite
  add t0, t0, t3
strike:
  bgeu t0, t1, composite
  sb zero, 0(t0)
  add t0, t0, t3
  j strike
composite:
  addi t3, t3, 1
  bltu t3, a2, candidate
  addi a0, a0, -1
  bnez a0, round
  ret
  .balign 4096               # data on pages of their own
  .balign 64
flags: .zero 8192
