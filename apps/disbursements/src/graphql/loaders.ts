import { Injectable } from '@nestjs/common';
import { ChildrenLoader, type PageLoader, type PageOf, RequestLoader } from '@ansinh/graphql';
import type { BatchQuery, BatchView } from '../batch/batch.dto.js';
import { BatchService } from '../batch/batch.service.js';
import type { CashListQuery, CashListView } from '../cash-list/cash-list.dto.js';
import { CashListService } from '../cash-list/cash-list.service.js';
import type { ExceptionQuery, ExceptionView } from '../exception/exception.dto.js';
import { ExceptionService } from '../exception/exception.service.js';
import type { FindingQuery, FindingView } from '../finding/finding.dto.js';
import { FindingService } from '../finding/finding.service.js';
import type { BalanceView, FundView } from '../fund/fund.dto.js';
import { FundService } from '../fund/fund.service.js';
import type {
  BatchPaymentsQuery,
  PayeePaymentsQuery,
  PayeePaymentView,
  PaymentView,
} from '../payment/payment.dto.js';
import { PaymentService, type PersonKey } from '../payment/payment.service.js';
import { StatementEntryService, type StatementEntryView } from '../statement/statement-entry.service.js';

/** Every way from one record to others, each one query a request however many records ask. */
@Injectable()
export class Loaders {
  readonly batches: RequestLoader<string, BatchView>;
  readonly funds: RequestLoader<string, FundView>;
  readonly balances: ChildrenLoader<{ at?: string }, BalanceView>;
  readonly batchesOfFund: PageLoader<PageOf<BatchQuery>, BatchView>;
  readonly cashListsOfBatch: PageLoader<PageOf<CashListQuery>, CashListView>;
  readonly findingsOfBatch: PageLoader<PageOf<FindingQuery>, FindingView>;
  readonly paymentsOfBatch: PageLoader<PageOf<BatchPaymentsQuery>, PaymentView>;
  readonly paymentsOfPeople: PageLoader<PageOf<PayeePaymentsQuery>, PayeePaymentView>;
  readonly payments: RequestLoader<string, PaymentView>;
  readonly entriesOfPayment: RequestLoader<string, StatementEntryView[]>;
  readonly personOfPayment: RequestLoader<string, PersonKey>;
  readonly exceptionsOfBatch: PageLoader<PageOf<ExceptionQuery>, ExceptionView>;

  constructor(
    batches: BatchService,
    funds: FundService,
    findings: FindingService,
    payments: PaymentService,
    exceptions: ExceptionService,
    cashLists: CashListService,
    entries: StatementEntryService,
  ) {
    this.batches = new RequestLoader((ids, actor) => batches.byIds(ids, actor));
    this.funds = new RequestLoader((ids, actor) => funds.byIds(ids, actor));
    this.balances = new ChildrenLoader((ids, { at }, actor) => funds.balances(ids, at, actor));
    this.batchesOfFund = new ChildrenLoader((ids, query, actor) => batches.ofFunds(ids, query, actor));
    this.cashListsOfBatch = new ChildrenLoader((ids, query, actor) => cashLists.ofBatches(ids, query, actor));
    this.findingsOfBatch = new ChildrenLoader((ids, query, actor) => findings.ofBatches(ids, query, actor));
    this.paymentsOfBatch = new ChildrenLoader((ids, query, actor) => payments.ofBatches(ids, query, actor));
    this.paymentsOfPeople = new ChildrenLoader((keys, query, actor) => payments.ofPayees(keys, query, actor));
    this.payments = new RequestLoader((ids, actor) => payments.byEndToEndIds(ids, actor));
    this.entriesOfPayment = new RequestLoader((ids, actor) => entries.ofPayments(ids, actor));
    this.personOfPayment = new RequestLoader((ids, actor) => payments.peopleOf(ids, actor));
    this.exceptionsOfBatch = new ChildrenLoader((ids, query, actor) =>
      exceptions.ofBatches(ids, query, actor),
    );
  }
}
