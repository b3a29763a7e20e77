import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import {
  AssignBankException,
  BankExceptionPage,
  BankExceptionQuery,
  BankExceptionView,
  ResolveBankException,
} from './bank-exception.dto.js';
import { BankExceptionService } from './bank-exception.service.js';
import { bankExceptionSheet } from './bank-exception-sheet.js';

@ApiTags('bank files')
@ApiBearerAuth('bearer')
@Controller('v1/bank-exceptions')
export class BankExceptionController {
  constructor(private readonly exceptions: BankExceptionService) {}

  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(BankExceptionPage)
  listBankExceptions(
    @Query() query: BankExceptionQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<BankExceptionPage | StreamableFile> {
    const language = languageOf(headers['accept-language']);
    return pageOrWorkbook(headers, bankExceptionSheet, (pages) =>
      this.exceptions.list({ ...query, ...pages }, language, actor),
    );
  }

  @Post(':id/assignment')
  @Requires('loan:service')
  @HttpCode(200)
  @CommandApi()
  @ApiOkResponse({ type: BankExceptionView })
  assignBankException(
    @Param('id', IdPipe) id: string,
    @Body() input: AssignBankException,
    @Headers('accept-language') language: string | undefined,
    @CurrentCommand() command: Command,
  ): Promise<BankExceptionView> {
    return this.exceptions.assign(id, input, languageOf(language), command);
  }

  @Post(':id/resolution')
  @Requires('loan:service')
  @HttpCode(200)
  @CommandApi()
  @ApiOkResponse({ type: BankExceptionView })
  resolveBankException(
    @Param('id', IdPipe) id: string,
    @Body() input: ResolveBankException,
    @Headers('accept-language') language: string | undefined,
    @CurrentCommand() command: Command,
  ): Promise<BankExceptionView> {
    return this.exceptions.resolve(id, input, languageOf(language), command);
  }
}
