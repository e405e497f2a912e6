/*
 * Formatting of numbers and text as printf does it.
 *
 * run(n) does n rounds and gives a checksum; format.ts is the same in the dialect.
 */
#include <stdarg.h>
static char out[256];
static int fmt(char *o, const char *f, ...)
{
    char *s = o, tmp[12];
    va_list ap; va_start(ap, f);
    for (; *f; f++) {
        if (*f != '%') { *s++ = *f; continue; }
        int left = 0, zero = 0, width = 0, len = 0, neg = 0;
        const char *str = tmp;
        for (f++;; f++) { if (*f == '-') left = 1; else if (*f == '0') zero = 1; else break; }
        while (*f >= '0' && *f <= '9') width = width * 10 + *f++ - '0';
        switch (*f) {
        case 'd': case 'u': case 'x': {
            unsigned v, base = *f == 'x' ? 16 : 10; char *t = tmp + 12;
            if (*f == 'd') { int d = va_arg(ap, int); neg = d < 0; v = neg ? 0u - (unsigned)d : (unsigned)d; }
            else v = va_arg(ap, unsigned);
            do { *--t = "0123456789abcdef"[v % base]; v /= base; } while (v);
            str = t; len = (int)(tmp + 12 - t); break; }
        case 'c': tmp[0] = (char)va_arg(ap, int); len = 1; break;
        case 's': str = va_arg(ap, const char *); while (str[len]) len++; break;
        default: tmp[0] = *f; len = 1;
        }
        int pad = width - len - neg;
        if (!left && !zero) while (pad-- > 0) *s++ = ' ';
        if (neg) *s++ = '-';
        if (!left && zero) while (pad-- > 0) *s++ = '0';
        while (len-- > 0) *s++ = *str++;
        if (left) while (pad-- > 0) *s++ = ' ';
    }
    *s = 0; va_end(ap);
    return (int)(s - o);
}
int run(int n)
{
    static const char *const name[4] = { "alpha", "be", "gamma-ray", "" };
    unsigned acc = 5381, x = 7;
    while (n-- > 0) {
        x = x * 1664525u + 1013904223u;
        int k = fmt(out, "[%d] %8d|%-8u|%08x %c%c <%10s> <%-6s> 100%%\n", n, (int)x, x >> 7, x, 'A' + (int)(x >> 30), 'z', name[x >> 28 & 3], name[x >> 26 & 3]);
        for (int i = 0; i < k; i++) acc = acc * 33 ^ (unsigned char)out[i];
    }
    return (int)acc;
}
