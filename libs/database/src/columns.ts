import { Column, type ColumnOptions, type ValueTransformer } from 'typeorm';

const bigintTransformer: ValueTransformer = {
  to: (value: bigint | null | undefined) => value?.toString() ?? value,
  from: (value: string | null) => (value === null ? null : BigInt(value)),
};

/** An amount in whole đồng: `bigint` in PostgreSQL and in TypeScript. */
export function VndColumn(options: ColumnOptions = {}): PropertyDecorator {
  return Column({ ...options, type: 'bigint', transformer: bigintTransformer });
}
