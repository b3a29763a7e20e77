import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import {
  agencyOf,
  findProcedure,
  nextSteps,
  procedures,
  proceduresOn,
  promisedSteps,
  promisedTerm,
  stepOf,
} from './index.js';

interface LawRule {
  id: string;
  condition: string;
  value?: unknown;
  unit?: string;
  processing?: string;
  legalBasis: string;
  effectiveFrom: string;
  confidence: string;
}

function findLaw(from: string): string | undefined {
  const law = join(from, 'shared/law');
  if (existsSync(law)) return law;
  return dirname(from) === from ? undefined : findLaw(dirname(from));
}

/** The tables of law stand beside the checkout, never in it. */
const law = findLaw(import.meta.dirname);
const whenAbsent = law ? '' : ' (skipped: no shared/law beside the checkout)';

const versions = procedures.map(
  (procedure) => [`${procedure.code} of ${procedure.validFrom}`, procedure] as const,
);

describe('the files of procedures', () => {
  test.each(versions)('%s can be worked by', (_, procedure) => {
    expect(procedure.code).toMatch(/^[A-Z]+(-[A-Z0-9]+)*$/);
    expect(procedure.validUntil === null || procedure.validFrom < procedure.validUntil).toBe(true);
    const promised = promisedSteps(procedure);
    expect(promised.length).toBeGreaterThan(0);
    expect(new Set(promised.map(({ unit }) => unit)).size).toBe(1);
    const { steps, documents } = procedure;
    expect(new Set(steps.map(({ code }) => code)).size).toBe(steps.length);
    expect(new Set(documents.map(({ code }) => code)).size).toBe(documents.length);
    for (const step of steps) {
      expect(Number.isSafeInteger(step.term) && step.term > 0).toBe(true);
      expect(agencyOf(step)).toBeDefined();
    }
    // What comes before the desk stands before what the desk sees, and what follows the decision after it.
    const order = ['beforeReception', 'promised', 'afterResult'];
    const kinds = steps.map(({ kind }) => order.indexOf(kind === 'ifNeeded' ? 'promised' : kind));
    expect(kinds).toEqual([...kinds].sort());
  });

  test.each(versions)('%s has every text in both languages', (_, procedure) => {
    const texts = [
      procedure.name,
      procedure.request,
      procedure.result,
      ...procedure.steps.map(({ name }) => name),
    ];
    for (const { vi, en } of [...texts, ...procedure.documents.map(({ name }) => name)])
      expect([vi.trim(), en.trim()]).not.toContain('');
  });

  test('no two versions of a procedure hold on one day', () => {
    for (const of of Map.groupBy(procedures, ({ code }) => code).values()) {
      const sorted = [...of].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
      for (const [index, version] of sorted.slice(1).entries())
        expect(sorted[index]!.validUntil! <= version.validFrom).toBe(true);
    }
  });

  // A term is a number of its rule, wherever the rule writes it: as the value, or within «district 2 wd; province 2 wd».
  (law ? test.each : test.skip.each)(versions)(
    `%s says what its rules of law say${whenAbsent}`,
    (_, procedure) => {
      const { rules } = JSON.parse(readFileSync(join(law!, `${procedure.programme}.json`), 'utf8')) as {
        rules: LawRule[];
      };
      for (const step of procedure.steps) {
        const rule = rules.find(({ id }) => id === step.rule)!;
        expect(step.legalBasis).toBe(rule.legalBasis);
        if (step.confidence !== 'memory') expect(step.confidence).toBe(rule.confidence);
        const said = JSON.stringify([rule.value, rule.processing, rule.unit, rule.condition]);
        expect(said.match(/\d+/g)).toContain(String(step.term));
      }
    },
  );
});

test.each([
  ['RENT-WORKING', '2022-03-27', false],
  ['RENT-WORKING', '2022-03-28', true],
  ['RENT-WORKING', '2022-08-15', true],
  ['RENT-WORKING', '2022-08-16', false],
  ['COVID-11', '2022-03-25', true],
  ['COVID-11', '2022-03-26', false],
  ['SP-MONTHLY', '2021-06-30', false],
  ['SP-MONTHLY', '2021-07-01', true],
  ['SP-PENSION', '2025-06-30', false],
  ['SP-PENSION', '2025-07-01', true],
])('%s on %s can be asked for: %p', (code, day, isThere) => {
  expect(findProcedure(code, day) !== undefined).toBe(isThere);
  expect(proceduresOn(day).some((procedure) => procedure.code === code)).toBe(isThere);
});

test.each([
  ['EL-OVERSEAS-LOAN', '2025-12-31', 10],
  ['EL-OVERSEAS-LOAN', '2026-01-01', 7],
  ['SP-MONTHLY', '2022-03-01', 20],
  ['SP-MOVE-TO', '2022-03-01', 8],
  ['RENT-WORKING', '2022-04-01', 4],
  ['DIS-ASSESSMENT', '2022-03-01', 25],
])('%s on %s promises %i working days', (code, day, length) => {
  expect(promisedTerm(findProcedure(code, day)!)).toEqual({ length, unit: 'workingDays' });
});

test('a dossier goes on by one promised step, or by what is needed before it', () => {
  const monthly = findProcedure('SP-MONTHLY', '2022-03-01')!;
  const after = (step: string | null) => nextSteps(monthly, step).map(({ code }) => code);
  expect(after(null)).toEqual(['review']);
  expect(after('review')).toEqual(['complaint', 'submission']);
  expect(after('complaint')).toEqual(['submission']);
  expect(after('decision')).toEqual([]);
  const rent = findProcedure('RENT-WORKING', '2022-04-01')!;
  expect(nextSteps(rent, null).map(({ code }) => code)).toEqual(['appraisal']);
  expect(nextSteps(rent, 'approval')).toEqual([]);
  expect(() => stepOf(rent, 'review')).toThrow(RangeError);
});
