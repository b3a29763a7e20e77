import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the checkout, absolute. */
export const workspace = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
