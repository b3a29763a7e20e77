import { applyDecorators, Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { CommandApi } from '@ansinh/service';
import {
  ApplicationList,
  AppraisalList,
  ApprovalList,
  ConfirmationList,
  ContractList,
  DisbursementList,
  UseCheckList,
  MovedLoans,
} from './loan-lists.dto.js';
import { UseCheckService } from '../job/use-check.service.js';
import { LoanMovesService } from './loan-moves.service.js';
import { LoanService } from './loan.service.js';

const MovedApi = () => applyDecorators(HttpCode(200), CommandApi(), ApiOkResponse({ type: MovedLoans }));

/** Papers that say the same of many loans: what is refused of one of them is refused of the list. */
@ApiTags('loans')
@ApiBearerAuth('bearer')
@Controller('v1/loan-lists')
export class LoanListsController {
  constructor(
    private readonly loans: LoanService,
    private readonly moves: LoanMovesService,
    private readonly useChecks: UseCheckService,
  ) {}

  @Post('applications')
  @Requires('loan:receive')
  @CommandApi()
  @ApiCreatedResponse({ type: MovedLoans })
  async applyForLoans(
    @Body() { items }: ApplicationList,
    @CurrentCommand() command: Command,
  ): Promise<MovedLoans> {
    return { items: await this.loans.applyAll(items, command) };
  }

  @Post('confirmations')
  @Requires('loan:confirm')
  @MovedApi()
  async confirmLoans(
    @Body() { items }: ConfirmationList,
    @CurrentCommand() command: Command,
  ): Promise<MovedLoans> {
    return { items: await this.moves.moveAll('confirm', items, command) };
  }

  @Post('appraisals')
  @Requires('loan:appraise')
  @MovedApi()
  async appraiseLoans(
    @Body() { items }: AppraisalList,
    @CurrentCommand() command: Command,
  ): Promise<MovedLoans> {
    return { items: await this.moves.moveAll('appraise', items, command) };
  }

  @Post('approvals')
  @Requires('loan:approve')
  @MovedApi()
  async approveLoans(
    @Body() { items }: ApprovalList,
    @CurrentCommand() command: Command,
  ): Promise<MovedLoans> {
    return { items: await this.moves.moveAll('approve', items, command) };
  }

  @Post('contracts')
  @Requires('loan:service')
  @MovedApi()
  async signLoans(@Body() { items }: ContractList, @CurrentCommand() command: Command): Promise<MovedLoans> {
    return { items: await this.moves.moveAll('sign', items, command) };
  }

  @Post('disbursements')
  @Requires('loan:service')
  @MovedApi()
  async disburseLoans(
    @Body() { items }: DisbursementList,
    @CurrentCommand() command: Command,
  ): Promise<MovedLoans> {
    return { items: await this.moves.moveAll('disburse', items, command) };
  }

  @Post('use-checks')
  @Requires('loan:confirm')
  @MovedApi()
  async checkLoansUse(
    @Body() { items }: UseCheckList,
    @CurrentCommand() command: Command,
  ): Promise<MovedLoans> {
    return { items: await this.useChecks.checkAll(items, command) };
  }
}
