/*
 * The product of two matrices of 24 × 24 integers.
 *
 * run(n) does n rounds and gives a checksum; matmul.ts is the same in the dialect.
 */
#define N 24
static int a[N][N], b[N][N], c[N][N];
int run(int n)
{
    int i, j, k; unsigned acc = 1;
    for (i = 0; i < N; i++) for (j = 0; j < N; j++) { a[i][j] = i * 7 - j * 3 + 1; b[i][j] = (i ^ j) - 5; }
    while (n-- > 0) {
        for (i = 0; i < N; i++)
            for (j = 0; j < N; j++) {
                int s = 0;
                for (k = 0; k < N; k++) s += a[i][k] * b[k][j];
                c[i][j] = s;
            }
        for (i = 0; i < N; i++) for (j = 0; j < N; j++) acc = acc * 33 + (unsigned)c[i][j];
        a[acc % N][(acc >> 8) % N] ^= (int)(acc & 15);
    }
    return (int)acc;
}
