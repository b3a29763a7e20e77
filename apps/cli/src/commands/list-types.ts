import type { ListType } from '@ansinh/client';

/** The formats of a payment list by their short names. */
export const listTypes: Record<string, ListType> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};
