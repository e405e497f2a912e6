/*
 * CRC-32 by table, over a buffer that each round changes a little.
 *
 * run(n) does n rounds and gives a checksum; crc32.ts is the same in the dialect.
 */
typedef unsigned int u32; typedef unsigned char u8;
static u32 tab[256]; static u8 buf[4096];
int run(int n)
{
    u32 i, k, c, x = 0x12345678u, acc = 0;
    for (i = 0; i < 256; i++) {
        c = i;
        for (k = 0; k < 8; k++) c = (c & 1) ? 0xedb88320u ^ (c >> 1) : c >> 1;
        tab[i] = c;
    }
    for (i = 0; i < sizeof buf; i++) { x = x * 1664525u + 1013904223u; buf[i] = (u8)(x >> 24); }
    while (n-- > 0) {
        c = ~acc;
        for (i = 0; i < sizeof buf; i++) c = tab[(c ^ buf[i]) & 255] ^ (c >> 8);
        acc = ~c; buf[acc & 4095] ^= (u8)(acc >> 8);
    }
    return (int)acc;
}
