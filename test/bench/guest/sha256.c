/*
 * The compression function of SHA-256 (FIPS 180-4) with round constants of our own, so no standard digest.
 *
 * run(n) does n rounds and gives a checksum; sha256.ts is the same in the dialect.
 */
typedef unsigned int u32;
static u32 K[64];
static u32 ror(u32 v, int s) { return v >> s | v << (32 - s); }
static void compress(u32 h[8], const u32 blk[16])
{
    u32 w[64], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    int i;
    for (i = 0; i < 16; i++) w[i] = blk[i];
    for (; i < 64; i++) {
        u32 s0 = ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3;
        u32 s1 = ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    for (i = 0; i < 64; i++) {
        u32 t1 = k + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
        u32 t2 = (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        k = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
    }
    h[0] += a; h[1] += b; h[2] += c; h[3] += d; h[4] += e; h[5] += f; h[6] += g; h[7] += k;
}
int run(int n)
{
    u32 h[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 }, blk[16];
    u32 x = 0x9e3779b9u;
    int i;
    for (i = 0; i < 64; i++) { x ^= x << 13; x ^= x >> 17; x ^= x << 5; K[i] = x; }
    while (n-- > 0) {
        for (i = 0; i < 16; i++) blk[i] = h[i & 7] + (u32)i * 0x01000193u;
        compress(h, blk);
    }
    return (int)(h[0] ^ h[1] ^ h[2] ^ h[3] ^ h[4] ^ h[5] ^ h[6] ^ h[7]);
}
