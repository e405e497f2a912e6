/*
 * A stack machine that interprets one short program.
 *
 * run(n) does n rounds and gives a checksum; bytecode.ts is the same in the dialect.
 */
typedef unsigned char u8;
enum { PUSH, LOAD, STORE, ADD, SUB, MUL, XOR, SHL, LT, JZ, JMP, DUP, DROP, HALT };
static const u8 prog[] = {
    /* v0=acc v1=i v2=j v3=limit */
    PUSH, 0, STORE, 1,
    /* 4 */ LOAD, 1, PUSH, 20, LT, JZ, 53,
    /* 11 */ PUSH, 0, STORE, 2,
    /* 15 */ LOAD, 2, LOAD, 1, LT, JZ, 44,
    /* 22 */ LOAD, 0, PUSH, 31, MUL, LOAD, 1, ADD, LOAD, 2, XOR, STORE, 0,
    /* 35 */ LOAD, 2, PUSH, 1, ADD, STORE, 2,
    /* 42 */ JMP, 15,
    /* 44 */ LOAD, 1, PUSH, 1, ADD, STORE, 1, JMP, 4,
    /* 53 */ LOAD, 0, DUP, PUSH, 3, SHL, SUB, HALT
};
static int exec(const u8 *code, int *v)
{
    int st[32], sp = 0, pc = 0;
    for (;;) {
        switch (code[pc++]) {
        case PUSH: st[sp++] = code[pc++]; break;
        case LOAD: st[sp++] = v[code[pc++]]; break;
        case STORE: v[code[pc++]] = st[--sp]; break;
        case ADD: sp--; st[sp - 1] = (int)((unsigned)st[sp - 1] + (unsigned)st[sp]); break;
        case SUB: sp--; st[sp - 1] = (int)((unsigned)st[sp - 1] - (unsigned)st[sp]); break;
        case MUL: sp--; st[sp - 1] = (int)((unsigned)st[sp - 1] * (unsigned)st[sp]); break;
        case XOR: sp--; st[sp - 1] ^= st[sp]; break;
        case SHL: sp--; st[sp - 1] = (int)((unsigned)st[sp - 1] << (st[sp] & 31)); break;
        case LT: sp--; st[sp - 1] = st[sp - 1] < st[sp]; break;
        case JZ: if (!st[--sp]) pc = code[pc]; else pc++; break;
        case JMP: pc = code[pc]; break;
        case DUP: st[sp] = st[sp - 1]; sp++; break;
        case DROP: sp--; break;
        default: return st[sp - 1];
        }
    }
}
int run(int n)
{
    int v[4] = { 1, 0, 0, 0 };
    unsigned acc = 0;
    while (n-- > 0) { acc = acc * 7 + (unsigned)exec(prog, v); v[0] = (int)(acc & 0xffff); }
    return (int)acc;
}
