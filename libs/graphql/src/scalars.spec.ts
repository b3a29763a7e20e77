import { describe, expect, test } from '@jest/globals';
import type { GraphQLScalarType } from 'graphql';
import { Day, Instant, Vnd } from './scalars.js';

const accepts = (scalar: GraphQLScalarType, value: unknown): boolean => {
  try {
    return scalar.parseValue(value) === value && scalar.serialize(value) === value;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(scalar.name)) return false;
    throw error;
  }
};

describe('scalars', () => {
  test.each<[GraphQLScalarType, unknown, boolean]>([
    [Vnd, '720000', true],
    [Vnd, '778000000000', true],
    [Vnd, '0', true],
    [Vnd, '-1', true],
    [Vnd, 720000, false],
    [Vnd, 720000n, false],
    [Vnd, '720000.00', false],
    [Vnd, '0720000', false],
    [Vnd, '720.000', false],
    [Vnd, '１', false],
    [Vnd, '', false],
    [Day, '2022-03-31', true],
    [Day, '2022-13-01', false],
    [Day, '31/03/2022', false],
    [Instant, '2022-03-31T08:30:00Z', true],
    [Instant, '2022-03-31T08:30:00.123456+07:00', true],
    [Instant, '2022-03-31T08:30:00', false],
    [Instant, '2022-03-31', false],
    [Instant, 0, false],
  ])('%s of %p: %p', (scalar, value, isAccepted) => {
    expect(accepts(scalar, value)).toBe(isAccepted);
  });
});
