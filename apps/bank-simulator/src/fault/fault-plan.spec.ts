import { describe, expect, test } from '@jest/globals';
import { type FaultKind, faultKinds, FaultPlan, type FaultRates, noFaults } from './fault-plan.js';

const ids = Array.from({ length: 20_000 }, (_, index) => `AS${String(index).padStart(12, '0')}`);
const every = (rate: number): FaultRates => Object.fromEntries(faultKinds.map((kind) => [kind, rate]));
const hitBy = (plan: FaultPlan, kind: FaultKind) => ids.filter((id) => plan.hits(kind, id));

describe('FaultPlan', () => {
  test.each(faultKinds)('%s comes at its rate', (kind) => {
    const share = hitBy(new FaultPlan('7', every(0.03)), kind).length / ids.length;
    expect(share).toBeGreaterThan(0.025);
    expect(share).toBeLessThan(0.035);
  });

  test('the same seed has the same faults, another seed others', () => {
    const first = hitBy(new FaultPlan('7', every(0.03)), 'refuse');
    expect(hitBy(new FaultPlan('7', every(0.03)), 'refuse')).toEqual(first);
    expect(hitBy(new FaultPlan('8', every(0.03)), 'refuse')).not.toEqual(first);
  });

  test('kinds are independent of each other', () => {
    const plan = new FaultPlan('7', every(0.1));
    const refused = new Set(hitBy(plan, 'refuse'));
    const both = hitBy(plan, 'returnLater').filter((id) => refused.has(id)).length / ids.length;
    expect(both).toBeGreaterThan(0.005);
    expect(both).toBeLessThan(0.015);
  });

  test('rate 1 is always, no plan is never', () => {
    expect(hitBy(new FaultPlan('7', { refuse: 1 }), 'refuse')).toHaveLength(ids.length);
    expect(hitBy(noFaults, 'refuse')).toEqual([]);
  });

  test('every reason occurs', () => {
    const plan = new FaultPlan('7', every(1));
    expect(new Set(ids.map((id) => plan.refusalOf(id)))).toEqual(new Set(['AC01', 'AC04', 'AC06', 'BE01']));
    expect(new Set(ids.map((id) => plan.returnReasonOf(id)))).toEqual(
      new Set(['AC04', 'AC06', 'MD07', 'AC01']),
    );
  });
});
