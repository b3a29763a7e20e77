/** Whole đồng, more than none. */
export const vndPattern = /^[1-9]\d{0,14}$/;
