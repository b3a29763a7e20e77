import type { Comparison, Condition } from './shape.js';
import type { Run, Value, ValueType, Vocabulary } from './vocabulary.js';

/** Kleene's three truths: what is not known makes nothing false, and nothing true. */
export type Truth = 'holds' | 'fails' | 'unknown';

export interface CompiledCondition {
  source: Condition;
  test: (run: Run) => Truth;
  /** Of `all`, `any` and `not`. */
  parts: CompiledCondition[];
  /** What a comparison looks at. */
  read?: (run: Run) => Value;
  type?: ValueType;
  /** Bounds as they are at the moment: what a parameter was then. */
  bounds?: Bounds;
}

type Scalar = number | bigint | string;
export type Bounds = Partial<Record<'from' | 'above' | 'to' | 'below', Scalar>>;

export function compileCondition(source: Condition, words: Vocabulary): CompiledCondition {
  if ('fact' in source) return compileComparison(source, words);
  if ('not' in source) {
    const part = compileCondition(source.not, words);
    return { source, parts: [part], test: (run) => negate(part.test(run)) };
  }
  const isAll = 'all' in source;
  const parts = (isAll ? source.all : source.any).map((condition) => compileCondition(condition, words));
  const tests = parts.map(({ test }) => test);
  return { source, parts, test: isAll ? allOf(tests) : anyOf(tests) };
}

export function allOf(tests: readonly ((run: Run) => Truth)[]): (run: Run) => Truth {
  if (tests.length === 1) return tests[0]!;
  return (run) => {
    let truth: Truth = 'holds';
    for (const test of tests) {
      const part = test(run);
      if (part === 'fails') return 'fails';
      if (part === 'unknown') truth = 'unknown';
    }
    return truth;
  };
}

function anyOf(tests: readonly ((run: Run) => Truth)[]): (run: Run) => Truth {
  return (run) => {
    let truth: Truth = 'fails';
    for (const test of tests) {
      const part = test(run);
      if (part === 'holds') return 'holds';
      if (part === 'unknown') truth = 'unknown';
    }
    return truth;
  };
}

function negate(truth: Truth): Truth {
  if (truth === 'unknown') return truth;
  return truth === 'holds' ? 'fails' : 'holds';
}

function compileComparison(source: Comparison, words: Vocabulary): CompiledCondition {
  const type = words.typeOf(source.fact);
  const bounds = boundsOf(source, type, words);
  const read = words.read(source.fact);
  const holds = bounds === null ? () => false : predicateOf(source, type, bounds);
  return {
    source,
    parts: [],
    read,
    type,
    ...(bounds && { bounds }),
    // What there is not is in no list and within no bounds; a bound that nobody has read decides nothing.
    test: (run) => {
      const value = read(run);
      if (value === undefined || bounds === null) return 'unknown';
      return value !== null && holds(value) ? 'holds' : 'fails';
    },
  };
}

/** Null where the law has a bound that nobody has read. */
function boundsOf(source: Comparison, type: ValueType, words: Vocabulary): Bounds | null {
  const bounds: Bounds = {};
  for (const key of ['from', 'above', 'to', 'below'] as const) {
    const bound = source[key];
    if (bound === undefined) continue;
    if (typeof bound !== 'object') {
      bounds[key] = type === 'amount' ? BigInt(bound) : bound;
      continue;
    }
    const value = words.parameter(bound.parameter).row?.value;
    if (value === undefined || value === null) return null;
    bounds[key] = type === 'amount' ? BigInt(value) : Number(value);
  }
  return bounds;
}

type Given = Exclude<Value, null | undefined>;

function predicateOf(source: Comparison, type: ValueType, bounds: Bounds): (value: Given) => boolean {
  const tests: ((value: Given) => boolean)[] = [];
  const { is, in: list, has } = source;
  if (is !== undefined) {
    const expected = type === 'amount' ? BigInt(is) : is;
    tests.push((value) => value === expected);
  }
  if (list) tests.push((value) => list.includes(value as string));
  if (has !== undefined) tests.push((value) => (value as readonly string[]).includes(has));
  const { from, above, to, below } = bounds;
  if (from !== undefined) tests.push((value) => (value as Scalar) >= from);
  if (above !== undefined) tests.push((value) => (value as Scalar) > above);
  if (to !== undefined) tests.push((value) => (value as Scalar) <= to);
  if (below !== undefined) tests.push((value) => (value as Scalar) < below);
  if (tests.length === 1) return tests[0]!;
  return (value) => tests.every((test) => test(value));
}
