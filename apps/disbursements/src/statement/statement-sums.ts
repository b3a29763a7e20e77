import type { CamtEntryEvent, CamtSum, CamtSummary } from '@ansinh/iso20022';
import type { Contradiction, StatementDocument, StatementEvent } from './statement-document.js';

interface Counted {
  count: number;
  sum: bigint;
}

const none = (): Counted => ({ count: 0, sum: 0n });

/** Adds up the entries of each statement, and notes on it where the sums that it states itself are others. */
export class StatementSums {
  private document: StatementDocument | null = null;
  private all = { credits: none(), debits: none() };
  private booked = { credits: none(), debits: none() };

  add(event: StatementEvent): void {
    if (event.kind === 'document') this.start(event);
    else if (event.kind === 'entry') this.addEntry(event);
  }

  /** The last statement is complete. */
  end(): void {
    const summary = this.document?.summary;
    if (!summary) return;
    // Some banks count what is only announced, some do not: their totals must be right in one of the two ways.
    const isBooked = contradictionIn(summary, this.booked) === null;
    if (!isBooked) this.note(contradictionIn(summary, this.all));
  }

  private start(document: StatementDocument): void {
    this.end();
    this.document = document;
    this.all = { credits: none(), debits: none() };
    this.booked = { credits: none(), debits: none() };
  }

  private addEntry(entry: CamtEntryEvent): void {
    const side = entry.direction === 'credit' ? 'credits' : 'debits';
    for (const counted of entry.status === 'BOOK' ? [this.all, this.booked] : [this.all]) {
      counted[side].count += 1;
      counted[side].sum += entry.amount;
    }
    this.note(contradictionOfBatches(entry));
  }

  private note(contradiction: Contradiction | null): void {
    if (this.document) this.document.contradiction ??= contradiction;
  }
}

function contradictionIn(
  { entries, credits, debits }: CamtSummary,
  counted: { credits: Counted; debits: Counted },
): Contradiction | null {
  const together = {
    count: counted.credits.count + counted.debits.count,
    sum: counted.credits.sum + counted.debits.sum,
  };
  return (
    compare('TxsSummry/TtlNtries', entries, together) ??
    compare('TxsSummry/TtlCdtNtries', credits, counted.credits) ??
    compare('TxsSummry/TtlDbtNtries', debits, counted.debits)
  );
}

function compare(element: string, stated: CamtSum | null, counted: Counted): Contradiction | null {
  if (!stated) return null;
  return (
    differ(`${element}/NbOfNtries`, stated.count, counted.count) ??
    differ(`${element}/Sum`, stated.sum, counted.sum)
  );
}

/** A message that is booked with others in one entry: their totals make the entry, and its payments make its total. */
function contradictionOfBatches({ amount, batches, reference }: CamtEntryEvent): Contradiction | null {
  const path = `Ntry[${reference ?? ''}]/NtryDtls/Btch`;
  for (const { count, total, told } of batches) {
    if (told.count === 0) continue;
    const found = differ(`${path}/NbOfTxs`, count, told.count) ?? differ(`${path}/TtlAmt`, total, told.total);
    if (found) return found;
  }
  const totals = batches.map(({ total }) => total);
  if (totals.length === 0 || totals.includes(null)) return null;
  return differ(
    `${path}/TtlAmt`,
    totals.reduce<bigint>((sum, total) => sum + total!, 0n),
    amount,
  );
}

function differ(
  element: string,
  stated: bigint | number | null,
  counted: bigint | number,
): Contradiction | null {
  if (stated === null || stated === counted) return null;
  return { element, expected: String(counted), found: String(stated) };
}
