import { BatchResolver, FundBatchesResolver } from '../batch/batch.resolver.js';
import { CashListResolver } from '../cash-list/cash-list.resolver.js';
import { BatchExceptionsResolver, ExceptionResolver } from '../exception/exception.resolver.js';
import { FindingResolver } from '../finding/finding.resolver.js';
import { FundResolver } from '../fund/fund.resolver.js';
import {
  PayeePaymentResolver,
  PaymentPersonResolver,
  PaymentResolver,
  PersonPaymentsResolver,
} from '../payment/payment.resolver.js';
import { RefusedDocumentResolver } from '../refused-document/refused-document.resolver.js';
import {
  PayeePaymentEntriesResolver,
  PaymentEntriesResolver,
  StatementEntryResolver,
} from '../statement/statement-entry.resolver.js';

/** The subgraph: every query, command and field of it that is more than a column. */
export const resolvers = [
  BatchExceptionsResolver,
  BatchResolver,
  CashListResolver,
  ExceptionResolver,
  FindingResolver,
  FundBatchesResolver,
  FundResolver,
  PayeePaymentEntriesResolver,
  PayeePaymentResolver,
  PaymentEntriesResolver,
  PaymentPersonResolver,
  PaymentResolver,
  PersonPaymentsResolver,
  RefusedDocumentResolver,
  StatementEntryResolver,
];
