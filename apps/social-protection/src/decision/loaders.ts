import { Injectable } from '@nestjs/common';
import { ChildrenLoader, type PageLoader, RequestLoader } from '@ansinh/graphql';
import type { BeneficiaryView } from '../beneficiary/beneficiary.dto.js';
import { BeneficiaryService } from '../beneficiary/beneficiary.service.js';
import type { DecisionView, ExplainedDecision } from './decision.dto.js';
import { DecisionService } from './decision.service.js';
import { EntitlementService, type EntitlementView } from './entitlement.service.js';

type PageOfPerson = { limit: number; after?: string };

/** Every way from one record to others, each one query a request however many records ask. */
@Injectable()
export class Loaders {
  readonly beneficiaries: RequestLoader<string, BeneficiaryView>;
  readonly decisions: RequestLoader<string, DecisionView>;
  readonly explained: RequestLoader<DecisionView, ExplainedDecision>;
  readonly entitlements: RequestLoader<string, EntitlementView>;
  readonly entitlementOfPayment: RequestLoader<string, EntitlementView>;
  readonly decisionsOfPeople: PageLoader<PageOfPerson, DecisionView>;
  readonly entitlementsOfPeople: PageLoader<PageOfPerson, EntitlementView>;

  constructor(
    decisions: DecisionService,
    entitlements: EntitlementService,
    beneficiaries: BeneficiaryService,
  ) {
    this.beneficiaries = new RequestLoader((ids, actor) => beneficiaries.byIds(ids, actor));
    this.decisions = new RequestLoader((ids, actor) => decisions.byIds(ids, actor));
    this.explained = new RequestLoader(
      async (views) => new Map((await decisions.explain(views)).map((view) => [view.id, view])),
      ({ id }) => id,
    );
    this.entitlements = new RequestLoader((ids, actor) => entitlements.byIds(ids, actor));
    this.entitlementOfPayment = new RequestLoader((ids, actor) => entitlements.ofPayments(ids, actor));
    this.decisionsOfPeople = new ChildrenLoader((keys, query, actor) =>
      decisions.ofPeople(keys, query, actor),
    );
    this.entitlementsOfPeople = new ChildrenLoader((keys, query, actor) =>
      entitlements.ofPeople(keys, query, actor),
    );
  }
}
