import { listTypes } from '@ansinh/uploads';

/** Whole đồng above zero, as JSON carries them. */
export const vndPattern = /^[1-9]\d{0,14}$/;

/** Codes that offices give to programmes: letters of any alphabet, digits, and a few marks within. */
export const programmeCodePattern = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39}$/u;

/** Content types that the service reads as a stream. */
export const streamedTypes = {
  ...listTypes,
  xml: 'application/xml',
  mt940: 'application/x-mt940',
} as const;
