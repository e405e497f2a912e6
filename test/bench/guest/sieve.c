/*
 * The sieve of Eratosthenes up to 8192.
 *
 * run(n) does n rounds and gives a checksum; sieve.ts is the same in the dialect.
 */
typedef unsigned char u8;
static u8 comp[8192];
int run(int n)
{
    unsigned acc = 0;
    while (n-- > 0) {
        int i, j, count = 0;
        for (i = 0; i < 8192; i++) comp[i] = 0;
        for (i = 2; i < 8192; i++) {
            if (comp[i]) continue;
            count++; acc = acc * 31 + (unsigned)i;
            for (j = i + i; j < 8192; j += i) comp[j] = 1;
        }
        acc += (unsigned)count;
    }
    return (int)acc;
}
