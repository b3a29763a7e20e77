export { payoutStates, payoutTransitions } from './payout.js';
export type { NewPayout, Payout, PayoutLine, PayoutOutcome, PayoutProblem, PayoutState } from './payout.js';
export { freezePayout, sealedPayoutLists } from './payout-list.js';
export type { FrozenPayout } from './payout-list.js';
export { findPayoutOfBatch, findPayouts, hurryPayout, withdrawPayout } from './payout-rows.js';
export { PayoutRunner } from './payout-runner.js';
export type { PayoutOptions, PayoutPaces } from './payout-runner.js';
export { dropPayoutTables, payoutTables } from './payout-tables.js';
