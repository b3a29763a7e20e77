import type { Transaction } from '@ansinh/database';
import { openPolicy, type Policy } from '@ansinh/policy';

const national = openPolicy();

/** The law by which this province decides: the carried one. Rows that no official has confirmed grant nothing by it. */
export function lawOf(_: Transaction): Promise<Policy> {
  return Promise.resolve(national);
}
