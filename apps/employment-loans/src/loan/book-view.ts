import type { Allocation, LoanPosition, LoanStatement } from '@ansinh/loans';
import type { BookView, PositionView } from './servicing.dto.js';

export function bookView(statement: LoanStatement): BookView {
  return {
    opening: positionView(statement.opening),
    movements: statement.movements.map(({ on, kind, event, allocation, principal, interest }) => ({
      on,
      kind,
      event: event === null ? null : Number(event),
      allocation: allocationView(allocation),
      principal: principal.toString(),
      interest: interest.toString(),
    })),
    closing: positionView(statement.closing),
    upcoming: statement.upcoming.map(({ principal, ...due }) => ({
      ...due,
      principal: principal.toString(),
    })),
  };
}

/** A loan may have thousands of them: written part by part, without lists of pairs between. */
function allocationView(allocation: Allocation): Record<string, string> {
  const view: Record<string, string> = {};
  for (const part in allocation) view[part] = allocation[part as keyof Allocation]!.toString();
  return view;
}

function positionView(position: LoanPosition): PositionView {
  return {
    on: position.on,
    principal: position.principal.toString(),
    principalDue: position.principalDue.toString(),
    overduePrincipal: position.overduePrincipal.toString(),
    interestDue: position.interestDue.toString(),
    interestAccrued: position.interestAccrued.toString(),
    overdueInterest: position.overdueInterest.toString(),
    credit: position.credit.toString(),
    payoff: position.payoff.toString(),
    daysPastDue: position.daysPastDue,
  };
}
