import { expect, test } from '@jest/globals';
import { loanStates } from '@ansinh/loans';
import { wrongState } from './loan.problems.js';

test('says in both languages where the loan is', () => {
  const problem = wrongState('appraised');
  expect(problem.body('en')).toMatchObject({ code: 'LOAN_STATE', status: 409, state: 'appraised' });
  expect(problem.body('en').detail).toContain('The loan is «appraised»');
  expect(problem.body('vi').detail).toContain('«đã thẩm định»');
});

test.each(loanStates)('has a name for %s in both languages', (state) => {
  const { vi, en } = wrongState(state).options.detail!;
  expect(vi).not.toBe(en);
  expect(`${vi} ${en}`).not.toContain('undefined');
});
