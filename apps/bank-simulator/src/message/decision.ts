import type { Pain001Event } from '@ansinh/iso20022';
import type { FaultPlan } from '../fault/fault-plan.js';

export type PaymentOrder = Extract<Pain001Event, { kind: 'transaction' }>;

/** What the bank will do with one order. Decided on acceptance and stored, so that a restart changes nothing. */
export interface Decision {
  /** External status reason code; null when the order is accepted. */
  refusal: string | null;
  /** What the payer's account will lose, in đồng. */
  paid: bigint;
  /** External return reason code, when the money will come back. */
  returnReason: string | null;
}

const binForm = /^\d{6}$/;
const accountForm = /^[0-9A-Z]{6,19}$/i;

export function decide(order: PaymentOrder, faults: FaultPlan): Decision {
  const refusal = refusalOf(order) ?? faults.refusalOf(order.endToEndId);
  const isShort = order.amount > 1n && faults.hits('shortByOne', order.endToEndId);
  return {
    refusal,
    paid: isShort ? order.amount - 1n : order.amount,
    returnReason: refusal ? null : faults.returnReasonOf(order.endToEndId),
  };
}

/** What no bank would execute: nothing to pay, no such bank, no account number. */
function refusalOf(order: PaymentOrder): string | null {
  if (order.amount === 0n) return 'AM01';
  if (!binForm.test(order.creditorBin ?? '')) return 'RC01';
  if (!accountForm.test(order.creditorAccount)) return 'AC01';
  return null;
}
