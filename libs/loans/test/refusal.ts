import { expect } from '@jest/globals';
import { LoanError } from '../src/index.js';

/** Refused for that, and told in Vietnamese too. */
export function expectRefused(make: () => unknown, message: RegExp): void {
  let refusal: unknown;
  try {
    make();
  } catch (error) {
    refusal = error;
  }
  expect(refusal).toBeInstanceOf(LoanError);
  const { text } = refusal as LoanError;
  expect(text.en).toMatch(message);
  expect(text.vi).not.toBe(text.en);
  expect(text.vi).toMatch(/[À-ỹ]/);
}
