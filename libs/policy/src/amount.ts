import { roundQuotient } from '@ansinh/money';
import { FactError } from './fact-error.js';
import type { Amount } from './shape.js';
import type { Run, Vocabulary } from './vocabulary.js';

/**
 * An exact number: `value` has `decimals` digits behind the point. How many those are is known when the law is compiled, so
 * that an evaluation multiplies whole numbers only.
 */
export interface CompiledAmount {
  decimals: number;
  /** Null where a fact that it needs is not known. @throws FactError for what a table does not have */
  value: (run: Run) => bigint | null;
}

export function compileAmount(source: Amount, words: Vocabulary): CompiledAmount {
  if (typeof source === 'string') return constant(BigInt(source));
  if ('parameter' in source) return constant(BigInt(words.parameter(source.parameter).row?.value ?? 0));
  if ('table' in source) return compileTable(source, words);
  if ('fact' in source) return quantity(source.fact, words);
  if ('times' in source) return compileProduct(source.times, words);
  const isSum = 'sum' in source;
  const parts = (isSum ? source.sum : source.least).map((part) => compileAmount(part, words));
  return alike(
    parts,
    isSum ? (sum, value) => sum + value : (least, value) => (value < least ? value : least),
  );
}

/** To a multiple of `unit`, halves up. */
export function rounded({ value, decimals }: CompiledAmount, unit: bigint): (run: Run) => bigint | null {
  if (unit === 1n && decimals === 0) return value;
  const denominator = 10n ** BigInt(decimals);
  return (run) => {
    const exact = value(run);
    return exact === null ? null : roundQuotient(exact, denominator, { mode: 'halfUp', unit });
  };
}

function constant(value: bigint): CompiledAmount {
  return { decimals: 0, value: () => value };
}

function quantity(name: string, words: Vocabulary): CompiledAmount {
  const read = words.read(name);
  return {
    decimals: 0,
    value: (run) => {
      const value = read(run);
      return value === undefined || value === null ? null : BigInt(value as number | bigint);
    },
  };
}

function compileTable({ table, by }: { table: string; by: string }, words: Vocabulary): CompiledAmount {
  const { row } = words.parameter(table);
  const amounts = new Map(
    Object.entries(row?.table ?? {}).map(([key, amount]) => [Number(key), BigInt(amount)]),
  );
  const read = words.read(by);
  return {
    decimals: 0,
    value: (run) => {
      const key = read(run);
      if (key === undefined || key === null) return null;
      const amount = amounts.get(key as number);
      if (amount === undefined && row?.table) {
        const line = String(key);
        throw new FactError({ vi: `${row.id} không có dòng ${line}`, en: `${row.id} has no line ${line}` });
      }
      return amount ?? 0n;
    },
  };
}

function compileProduct(
  [first, ...factors]: [Amount, ...(number | string)[]],
  words: Vocabulary,
): CompiledAmount {
  const base = compileAmount(first, words);
  const numbers = factors.filter((factor) => typeof factor === 'number').map(decimalOf);
  const names = factors.filter((factor) => typeof factor === 'string').map((name) => quantity(name, words));
  const coefficient = numbers.reduce((product, { value }) => product * value, 1n);
  return {
    decimals: numbers.reduce((sum, { decimals }) => sum + decimals, base.decimals),
    value: (run) => {
      let product = base.value(run);
      if (product === null) return null;
      product *= coefficient;
      for (const { value } of names) {
        const factor = value(run);
        if (factor === null) return null;
        product *= factor;
      }
      return product;
    },
  };
}

/** 2.5 is 25 with one decimal: the shortest decimal that a number is written by is what the law says. */
function decimalOf(factor: number): { value: bigint; decimals: number } {
  const [whole, fraction = ''] = String(factor).split('.');
  return { value: BigInt(`${whole}${fraction}`), decimals: fraction.length };
}

function alike(
  parts: readonly CompiledAmount[],
  combine: (so: bigint, value: bigint) => bigint,
): CompiledAmount {
  const decimals = Math.max(...parts.map((part) => part.decimals));
  const scales = parts.map((part) => 10n ** BigInt(decimals - part.decimals));
  return {
    decimals,
    value: (run) => {
      let result: bigint | null = null;
      for (const [index, part] of parts.entries()) {
        const value = part.value(run);
        if (value === null) return null;
        const scaled = value * scales[index]!;
        result = result === null ? scaled : combine(result, scaled);
      }
      return result;
    },
  };
}
