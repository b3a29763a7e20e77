import { expect, test } from '@jest/globals';
import { wrongState } from './batch.problems.js';
import { batchStates } from './batch.states.js';

test('says in both languages where the batch is, and where it would have to be', () => {
  const problem = wrongState('draft', ['checked', 'rejected']);
  expect(problem.body('en')).toMatchObject({
    code: 'BATCH_STATE',
    status: 409,
    state: 'draft',
    allowed: ['checked', 'rejected'],
    detail: 'The batch is «draft»; this is possible only for a batch that is «checked», «rejected».',
  });
  expect(problem.body('vi').detail).toContain('«mới lập»');
});

test.each(batchStates)('has a name for %s in both languages', (state) => {
  const { detail } = wrongState(state, [state]).options;
  expect(detail!.vi).toMatch(/«[^«»]+»;.*«[^«»]+»/);
  expect(detail!.en).not.toContain('undefined');
});
