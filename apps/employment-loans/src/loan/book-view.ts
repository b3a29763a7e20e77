import type { LoanPosition, LoanStatement } from '@ansinh/loans';
import type { BookView, PositionView } from './servicing.dto.js';

export function bookView(statement: LoanStatement): BookView {
  return {
    opening: positionView(statement.opening),
    movements: statement.movements.map(({ event, allocation, principal, interest, ...movement }) => ({
      ...movement,
      event: event === null ? null : Number(event),
      allocation: Object.fromEntries(
        Object.entries(allocation).map(([part, amount]) => [part, amount.toString()]),
      ),
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
