/*
 * Linked queues: work items wander between eight queues until they are done.
 *
 * run(n) does n rounds and gives a checksum; queues.ts is the same in the dialect.
 */
struct node { struct node *next; int key, work; };
struct queue { struct node *head, **tail; int len; };
static struct node pool[64]; static struct queue q[8]; static struct node *freelist;
static void put(struct queue *k, struct node *p) { p->next = 0; *k->tail = p; k->tail = &p->next; k->len++; }
static struct node *get(struct queue *k)
{
    struct node *p = k->head;
    if (p) { k->head = p->next; if (!k->head) k->tail = &k->head; k->len--; }
    return p;
}
int run(int n)
{
    unsigned acc = 0, x = 99;
    int i;
    freelist = 0;
    for (i = 0; i < 8; i++) { q[i].head = 0; q[i].tail = &q[i].head; q[i].len = 0; }
    for (i = 0; i < 64; i++) { pool[i].next = freelist; pool[i].key = i; freelist = &pool[i]; }
    while (n-- > 0) {
        for (i = 0; i < 512; i++) {
            struct node *p;
            x = x * 1103515245u + 12345u;
            if ((x >> 16 & 3) != 0 && freelist) {
                p = freelist; freelist = p->next;
                p->work = (int)(x >> 20 & 15) + 1; put(&q[x >> 28 & 7], p);
            }
            p = get(&q[(x >> 8) & 7]);
            if (p) {
                acc = acc * 17 + (unsigned)p->key + (unsigned)p->work;
                if (--p->work > 0) put(&q[(p->key + p->work) & 7], p);
                else { p->next = freelist; freelist = p; }
            }
        }
        for (i = 0; i < 8; i++) acc ^= (unsigned)q[i].len << (i * 4);
    }
    return (int)acc;
}
