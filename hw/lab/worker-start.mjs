/**
 * The first lines of a worker thread: Node 20 reads no TypeScript there by itself, so tsx is asked to
 * before hw/lab/worker.ts is loaded.
 */
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
