import 'reflect-metadata';
import { expect, test } from '@jest/globals';
import { MaxLength } from 'class-validator';
import { IsNotBlank, type ProblemError, ProblemValidationPipe } from './index.js';

class Reason {
  @IsNotBlank()
  @MaxLength(10)
  reason: string;
}

const judge = async (reason: unknown) =>
  new ProblemValidationPipe().transform({ reason }, { type: 'body', metatype: Reason });

test.each(['', ' ', '\n\t ', '\u00a0'])('%j says that it is empty, in both languages', async (reason) => {
  const problem = await (judge(reason) as Promise<unknown>).then(
    () => null,
    (error: ProblemError) => error,
  );
  expect(problem?.options.errors).toEqual([
    {
      pointer: '/reason',
      code: 'isNotEmpty',
      detail: { vi: 'không được để trống', en: 'must not be empty' },
    },
  ]);
});

test.each([[undefined], [null], [7], [['x']], ['quá dài mười một']])('%j is refused', async (reason) => {
  await expect(judge(reason)).rejects.toHaveProperty('options.errors');
});

test('what is written passes', async () => {
  await expect(judge(' Đủ. ')).resolves.toEqual({ reason: ' Đủ. ' });
});
