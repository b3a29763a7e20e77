/**
 * The channel of cash that the post office hands out. It has no messages and no bank to ask: its chunks are lists of
 * communes (`cash-list/`), which go out on paper as soon as the batch is sent, and come back signed.
 */
export const postCash = 'post-cash';
