import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { type Actor, scopeOf } from '@ansinh/auth';
import { todayInVietnam } from '@ansinh/calendar';
import { asSystem, inTransaction, type Transaction } from '@ansinh/database';
import { findBank, maskAccount, maskCitizenNumber } from '@ansinh/identity';
import {
  bookOn,
  findLoanProduct,
  type LoanContract,
  type LoanEvent,
  type LoanPosition,
  nextDue,
  repaymentSchedule,
} from '@ansinh/loans';
import { ancestors, findPlace } from '@ansinh/places';
import { Sealer } from '@ansinh/sealing';
import { eventsOf } from '../loan/loan-events.js';
import { wrongState } from '../loan/loan.problems.js';
import { findLoan, type LoanRow } from '../loan/loan-rows.js';
import { openPayee } from '../loan/sealed-payee.js';
import { readContract } from '../product/contract-terms.js';
import { type Annex, decisionKinds, writeAnnex } from './annex-pdf.js';
import type { PaperHead } from './loan-paper.js';
import { type Notice, writeNotice } from './notice-pdf.js';
import { writeSchedule } from './schedule-pdf.js';

interface Printed {
  content: Uint8Array;
  fileName: string;
}

/** The papers of a loan that is signed. Nothing of them is kept: each is written anew from the rows. */
@Injectable()
export class LoanPaperService {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly sealer: Sealer,
  ) {}

  /** @throws ProblemError LOAN_NOT_FOUND, LOAN_STATE before a contract is signed */
  async annex(id: string, actor: Actor): Promise<Printed> {
    const annex = await inTransaction(this.dataSource, scopeOf(actor), async (tx): Promise<Annex> => {
      const { loan, contract, terms, head } = await findSigned(tx, id);
      return {
        head,
        product: findLoanProduct(loan.product_code, contract.product_from)!.name.vi,
        capital: await capitalOf(tx, loan),
        amount: BigInt(loan.granted_amount!),
        termMonths: loan.granted_term_months!,
        ratePpm: terms.ratePpm,
        overdueRatePercent: terms.overdueRatePercent,
        project: loan.project,
        payee: this.payeeOf(loan, contract),
        plan: terms.plan,
        decisions: await decisionsOf(tx, id),
      };
    });
    return { content: await writeAnnex(annex), fileName: `${annex.head.code}-annex.pdf` };
  }

  /** @throws ProblemError LOAN_NOT_FOUND, LOAN_STATE */
  async schedule(id: string, actor: Actor): Promise<Printed> {
    const { loan, contract, terms, head, events } = await this.readBook(id, actor);
    const ofBook = repaymentSchedule(terms, events);
    const isPlanned = ofBook.tranches.length === 0;
    const planned = { id: '1', kind: 'disbursed', amount: BigInt(loan.granted_amount!) } as const;
    const days = { on: contract.disbursed_on, recordedOn: contract.disbursed_on };
    const schedule = isPlanned ? repaymentSchedule(terms, [{ ...planned, ...days }]) : ofBook;
    const { ratePpm } = terms;
    const content = await writeSchedule({ head, ratePpm, isPlanned, ...schedule });
    return { content, fileName: `${head.code}-schedule.pdf` };
  }

  /** @throws ProblemError LOAN_NOT_FOUND, LOAN_STATE before a contract is signed, or where nothing is owed */
  async notice(id: string, asked: string | undefined, actor: Actor): Promise<Printed> {
    const on = asked ?? todayInVietnam();
    const { loan, terms, head, events } = await this.readBook(id, actor);
    const { position } = bookOn(terms, events, on);
    const next = nextDue(terms, events, on);
    const open = openDuesOf(position);
    const { overdueInterest, daysPastDue, credit } = position;
    if (open.length === 0 && overdueInterest === 0n && next === null) throw wrongState(loan.state);
    const content = await writeNotice({ head, on, open, overdueInterest, daysPastDue, next, credit });
    return { content, fileName: `${head.code}-notice-${on}.pdf` };
  }

  private readBook(id: string, actor: Actor): Promise<SignedLoan & { events: LoanEvent[] }> {
    return inTransaction(this.dataSource, scopeOf(actor), async (tx) => ({
      ...(await findSigned(tx, id)),
      events: await eventsOf(tx, id),
    }));
  }

  private payeeOf({ id: loanId }: LoanRow, contract: ContractRow): Annex['payee'] {
    const key = { loanId, contract: contract.number };
    const { payeeId, account } = openPayee(this.sealer, key, contract.sealed_payee);
    return {
      holder: contract.account_holder,
      id: maskCitizenNumber(payeeId),
      account: maskAccount(account),
      bank: findBank(contract.account_bin)?.name ?? contract.account_bin,
    };
  }
}

interface ContractRow {
  number: number;
  contract_number: string;
  signed_on: string;
  product_from: string;
  terms: Parameters<typeof readContract>[0];
  account_bin: string;
  account_holder: string;
  sealed_payee: Buffer;
  disbursed_on: string;
}

interface SignedLoan {
  loan: LoanRow;
  contract: ContractRow;
  terms: LoanContract;
  head: PaperHead;
}

/** With the contract that was signed last. @throws ProblemError LOAN_NOT_FOUND, LOAN_STATE */
async function findSigned(tx: Transaction, id: string): Promise<SignedLoan> {
  const loan = await findLoan(tx, id);
  const [contract] = (await tx.query(
    `SELECT contract.number, contract_number, signed_on::text, product_from::text, terms, account_bin, account_holder, sealed_payee,
       coalesce(move.facts ->> 'disbursedOn', signed_on::text) AS disbursed_on
     FROM loan_contract contract JOIN loan_move move ON move.loan_id = contract.loan_id AND move.number = contract.move
     WHERE contract.loan_id = $1 ORDER BY contract.number DESC LIMIT 1`,
    [id],
  )) as ContractRow[];
  if (!contract) throw wrongState(loan.state);
  return { loan, contract, terms: readContract(contract.terms), head: headOf(loan, contract) };
}

/** Places have the names that they had when it was signed. */
function headOf(loan: LoanRow, { contract_number, signed_on }: ContractRow): PaperHead {
  const on = findPlace(loan.place_code, signed_on) && signed_on;
  const above = ancestors(loan.place_code, on);
  const names = [findPlace(loan.place_code, on), ...above].map((place) => place?.name ?? loan.place_code);
  return {
    code: loan.code,
    contractNumber: contract_number,
    signedOn: signed_on,
    borrowerName: loan.borrower_name,
    place: names.join(', '),
    province: above.at(-1)?.name ?? '',
  };
}

/** Who may read a loan may know what capital it is of, also where an office above keeps that plan. */
async function capitalOf(tx: Transaction, { plan_id }: LoanRow): Promise<Annex['capital']> {
  const [plan] = (await asSystem(tx, (whole) =>
    whole.query('SELECT source, year FROM capital_plan WHERE id = $1', [plan_id]),
  )) as NonNullable<Annex['capital']>[];
  return plan ?? null;
}

/** The last of each kind: a loan that was sent back is appraised again. */
async function decisionsOf(tx: Transaction, id: string): Promise<Annex['decisions']> {
  return (await tx.query(
    `SELECT kind, decision AS number, decided_on::text AS "on" FROM (
       SELECT DISTINCT ON (kind) * FROM loan_move WHERE loan_id = $1 AND kind = ANY($2) ORDER BY kind, number DESC
     ) AS last ORDER BY last.number`,
    [id, decisionKinds],
  )) as Annex['decisions'];
}

function openDuesOf({ openPrincipal, openInterest }: LoanPosition): Notice['open'] {
  const days = [...new Set([...openPrincipal, ...openInterest].map(({ dueOn }) => dueOn))].sort();
  const sumOn = (dues: LoanPosition['openPrincipal'], day: string) =>
    dues.filter(({ dueOn }) => dueOn === day).reduce((total, { amount }) => total + amount, 0n);
  return days.map((dueOn) => ({
    dueOn,
    principal: sumOn(openPrincipal, dueOn),
    interest: sumOn(openInterest, dueOn),
  }));
}
