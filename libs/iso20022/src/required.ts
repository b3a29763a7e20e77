import { Iso20022Error } from './iso20022-error.js';

/** @throws Iso20022Error MISSING_ELEMENT when the message did not have it, or had it empty. */
export function required<T>(value: T | null | undefined, element: string): T {
  if (value === null || value === undefined || value === '') {
    throw new Iso20022Error('MISSING_ELEMENT', 'is missing', element);
  }
  return value;
}
