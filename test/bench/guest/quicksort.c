/*
 * Quicksort of 1024 integers, median of three, short runs by insertion.
 *
 * run(n) does n rounds and gives a checksum; quicksort.ts is the same in the dialect.
 */
static int v[1024];
static void qs(int *p, int lo, int hi)
{
    while (hi - lo > 8) {
        int m = lo + (hi - lo) / 2, t, i = lo, j = hi, x;
        if (p[m] < p[lo]) { t = p[m]; p[m] = p[lo]; p[lo] = t; }
        if (p[hi] < p[lo]) { t = p[hi]; p[hi] = p[lo]; p[lo] = t; }
        if (p[hi] < p[m]) { t = p[hi]; p[hi] = p[m]; p[m] = t; }
        x = p[m];
        while (i <= j) {
            while (p[i] < x) i++;
            while (p[j] > x) j--;
            if (i <= j) { t = p[i]; p[i] = p[j]; p[j] = t; i++; j--; }
        }
        if (j - lo < hi - i) { qs(p, lo, j); lo = i; } else { qs(p, i, hi); hi = j; }
    }
    for (int i = lo + 1; i <= hi; i++) {
        int x = p[i], j = i - 1;
        while (j >= lo && p[j] > x) { p[j + 1] = p[j]; j--; }
        p[j + 1] = x;
    }
}
int run(int n)
{
    unsigned x = 1, acc = 0;
    while (n-- > 0) {
        for (int i = 0; i < 1024; i++) { x ^= x << 13; x ^= x >> 17; x ^= x << 5; v[i] = (int)x; }
        qs(v, 0, 1023);
        for (int i = 0; i < 1024; i++) { if (i && v[i - 1] > v[i]) return -1; acc = acc * 31 + (unsigned)v[i]; }
    }
    return (int)acc;
}
