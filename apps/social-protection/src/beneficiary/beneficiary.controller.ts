import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  BeneficiariesQuery,
  BeneficiaryHistory,
  BeneficiaryPage,
  ChangeAccount,
  EnterBeneficiary,
  MoveBeneficiary,
  StateFacts,
} from './beneficiary.dto.js';
import { BeneficiaryService } from './beneficiary.service.js';
import { beneficiarySheet } from './beneficiary-sheet.js';

@ApiTags('beneficiaries')
@ApiBearerAuth('bearer')
@Controller('v1/beneficiaries')
export class BeneficiaryController {
  constructor(private readonly beneficiaries: BeneficiaryService) {}

  @Post()
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: BeneficiaryHistory })
  enterBeneficiary(
    @Body() input: EnterBeneficiary,
    @CurrentCommand() command: Command,
  ): Promise<BeneficiaryHistory> {
    return this.beneficiaries.enter(input, command);
  }

  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(BeneficiaryPage)
  listBeneficiaries(
    @Query() query: BeneficiariesQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<BeneficiaryPage | StreamableFile> {
    return pageOrWorkbook(headers, beneficiarySheet, (pages) =>
      this.beneficiaries.list({ ...query, ...pages }, actor),
    );
  }

  @Get(':id')
  @Requires('support:read')
  @ProblemApi()
  @ApiOkResponse({ type: BeneficiaryHistory })
  getBeneficiary(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<BeneficiaryHistory> {
    return this.beneficiaries.get(id, actor);
  }

  /** What is different from a month on. A month that was paid is looked at again by a run that goes back to it. */
  @Post(':id/statements')
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: BeneficiaryHistory })
  stateFacts(
    @Param('id', IdPipe) id: string,
    @Body() input: StateFacts,
    @CurrentCommand() command: Command,
  ): Promise<BeneficiaryHistory> {
    return this.beneficiaries.state(id, input, command);
  }

  /** The commune that he leaves hands him over: from then on the other one sees him, and this one does not. */
  @Post(':id/moves')
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: BeneficiaryHistory })
  moveBeneficiary(
    @Param('id', IdPipe) id: string,
    @Body() input: MoveBeneficiary,
    @CurrentCommand() command: Command,
  ): Promise<BeneficiaryHistory> {
    return this.beneficiaries.move(id, input, command);
  }

  /** Where he is paid from the next payment list on. */
  @Post(':id/account')
  @Requires('support:apply')
  @CommandApi()
  @ApiCreatedResponse({ type: BeneficiaryHistory })
  changeBeneficiaryAccount(
    @Param('id', IdPipe) id: string,
    @Body() input: ChangeAccount,
    @CurrentCommand() command: Command,
  ): Promise<BeneficiaryHistory> {
    return this.beneficiaries.changeAccount(id, input, command);
  }
}
