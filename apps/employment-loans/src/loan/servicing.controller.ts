import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { IfMatch } from '@ansinh/service';
import { readPlan } from '../product/contract-terms.js';
import { LoanView } from './loan.dto.js';
import { MoveApi } from './move-api.js';
import {
  ChangeRate,
  DeferDue,
  MoneyMove,
  RecallLoan,
  RescheduleLoan,
  ReverseEvent,
  UntilMove,
} from './servicing.dto.js';
import { ServicingService } from './servicing.service.js';

@ApiTags('servicing')
@ApiBearerAuth('bearer')
@Controller('v1/loans/:id')
export class ServicingController {
  constructor(private readonly servicing: ServicingService) {}

  @Post('repayments')
  @Requires('loan:service')
  @MoveApi()
  repayLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: MoneyMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'repay',
      { kind: 'repaid', amount: BigInt(input.amount) },
      { id, version, command, input },
    );
  }

  @Post('refunds')
  @Requires('loan:service')
  @MoveApi()
  refundLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: MoneyMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'refund',
      { kind: 'refunded', amount: BigInt(input.amount) },
      { id, version, command, input },
    );
  }

  @Post('reversals')
  @Requires('loan:service')
  @MoveApi()
  reverseLoanEvent(
    @Param('id', IdPipe) id: string,
    @Body() input: ReverseEvent,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.reverse({ id, version, command, input });
  }

  @Post('extensions')
  @Requires('loan:service')
  @MoveApi()
  extendLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: UntilMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'extend',
      { kind: 'extended', until: input.until },
      { id, version, command, input },
    );
  }

  @Post('deferrals')
  @Requires('loan:service')
  @MoveApi()
  deferLoanDue(
    @Param('id', IdPipe) id: string,
    @Body() input: DeferDue,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'defer',
      { kind: 'deferred', dueOn: input.dueOn, until: input.until },
      { id, version, command, input },
    );
  }

  @Post('reschedulings')
  @Requires('loan:service')
  @MoveApi()
  rescheduleLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: RescheduleLoan,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'reschedule',
      { kind: 'rescheduled', plan: readPlan(input.plan) },
      { id, version, command, input },
    );
  }

  @Post('rate-changes')
  @Requires('loan:approve')
  @MoveApi()
  changeLoanRate(
    @Param('id', IdPipe) id: string,
    @Body() input: ChangeRate,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'changeRate',
      { kind: 'rateChanged', ratePpm: input.ratePpm },
      { id, version, command, input },
    );
  }

  @Post('recalls')
  @Requires('loan:approve')
  @MoveApi()
  recallLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: RecallLoan,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'recall',
      { kind: 'recalled', dueOn: input.dueOn },
      { id, version, command, input },
    );
  }

  @Post('freezes')
  @Requires('loan:approve')
  @MoveApi()
  freezeLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: UntilMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'freeze',
      { kind: 'frozen', until: input.until },
      { id, version, command, input },
    );
  }

  @Post('interest-cancellations')
  @Requires('loan:approve')
  @MoveApi()
  cancelLoanInterest(
    @Param('id', IdPipe) id: string,
    @Body() input: MoneyMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'cancelInterest',
      { kind: 'interestCancelled', amount: BigInt(input.amount) },
      { id, version, command, input },
    );
  }

  @Post('principal-cancellations')
  @Requires('loan:approve')
  @MoveApi()
  cancelLoanPrincipal(
    @Param('id', IdPipe) id: string,
    @Body() input: MoneyMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.servicing.record(
      'cancelPrincipal',
      { kind: 'principalCancelled', amount: BigInt(input.amount) },
      { id, version, command, input },
    );
  }
}
