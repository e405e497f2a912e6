/**
 * Pagers: who supplies the pages of a memory made by CALL_MEMORY_CREATE_PAGED.
 *
 * A thread that touches an absent page of such a memory calls the pager's port without knowing it, with no
 * deadline, by the badge of the handle that the memory was made with:
 *
 *     label    PAGE_FAULT
 *     word 0   the page's number in the memory
 *     word 1   the access: RIGHT_READ, RIGHT_WRITE or RIGHT_EXECUTE
 *
 * The pager puts a page there (CALL_MEMORY_MOVE_PAGE, CALL_MEMORY_COPY) and replies with label 0; another label,
 * or no page, ends the process with the fault. If the pager dies the access is made again: it waits for
 * another pager at the same port, or ends the process where the port is dead. Whoever maps another's paged
 * memory trusts its pager; CALL_MEMORY_INSPECT tells.
 *
 * A system call that needs such a page of its caller's own waits for it likewise. So do calls for what they lend,
 * as far as PAGED_LENT_MAX pages of a range; a page that is taken away later, while it is lent, is
 * ERROR_BAD_ADDRESS to the server.
 */

export const PAGE_FAULT: u32 = 0x8000_0001;
export const PAGED_LENT_MAX: u32 = 64;
