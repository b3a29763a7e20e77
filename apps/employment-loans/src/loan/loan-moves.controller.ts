import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { IfMatch } from '@ansinh/service';
import { DecidedMove, LoanView } from './loan.dto.js';
import {
  AppraiseLoan,
  ApproveLoan,
  ConfirmLoan,
  OrderDisbursement,
  SignLoan,
  UseCheck,
} from './loan-moves.dto.js';
import { UseCheckService } from '../job/use-check.service.js';
import { LoanMovesService } from './loan-moves.service.js';
import { MoveApi } from './move-api.js';

@ApiTags('loans')
@ApiBearerAuth('bearer')
@Controller('v1/loans/:id')
export class LoanMovesController {
  constructor(
    private readonly moves: LoanMovesService,
    private readonly useChecks: UseCheckService,
  ) {}

  @Post('confirmation')
  @Requires('loan:confirm')
  @MoveApi()
  confirmLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: ConfirmLoan,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('confirm', { id, version }, input, command);
  }

  @Post('appraisal')
  @Requires('loan:appraise')
  @MoveApi()
  appraiseLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: AppraiseLoan,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('appraise', { id, version }, input, command);
  }

  @Post('approval')
  @Requires('loan:approve')
  @MoveApi()
  approveLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: ApproveLoan,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('approve', { id, version }, input, command);
  }

  @Post('withdrawal')
  @Requires('loan:receive')
  @MoveApi()
  withdrawLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: DecidedMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('withdraw', { id, version }, input, command);
  }

  @Post('cancellation')
  @Requires('loan:approve')
  @MoveApi()
  cancelLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: DecidedMove,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('cancel', { id, version }, input, command);
  }

  @Post('contract')
  @Requires('loan:service')
  @MoveApi()
  signLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: SignLoan,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('sign', { id, version }, input, command);
  }

  @Post('disbursements')
  @Requires('loan:service')
  @MoveApi()
  disburseLoan(
    @Param('id', IdPipe) id: string,
    @Body() input: OrderDisbursement,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.moves.move('disburse', { id, version }, input, command);
  }

  @Post('use-checks')
  @Requires('loan:confirm')
  @MoveApi()
  checkLoanUse(
    @Param('id', IdPipe) id: string,
    @Body() input: UseCheck,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<LoanView> {
    return this.useChecks.check({ id, version }, input, command);
  }
}
