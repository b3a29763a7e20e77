import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi, Tagged } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { ApplyForLoan, LoanFilter, LoanHistory, LoanPage, LoanView } from './loan.dto.js';
import { LoanService } from './loan.service.js';
import { loanSheet } from './loan-sheet.js';
import { BookQuery, BookView } from './servicing.dto.js';
import { ServicingService } from './servicing.service.js';

@ApiTags('loans')
@ApiBearerAuth('bearer')
@Controller('v1/loans')
export class LoanController {
  constructor(
    private readonly loans: LoanService,
    private readonly servicing: ServicingService,
  ) {}

  @Post()
  @Requires('loan:receive')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: LoanView })
  applyForLoan(@Body() input: ApplyForLoan, @CurrentCommand() command: Command): Promise<LoanView> {
    return this.loans.apply(input, command);
  }

  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(LoanPage)
  listLoans(
    @Query() filter: LoanFilter,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<LoanPage | StreamableFile> {
    return pageOrWorkbook(headers, loanSheet, (pages) => this.loans.list({ ...filter, ...pages }, actor));
  }

  /** The ETag is what a command on it names in If-Match. */
  @Get(':id')
  @Requires('loan:read')
  @ProblemApi()
  @Tagged()
  @ApiOkResponse({ type: LoanView })
  getLoan(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<LoanView> {
    return this.loans.get(id, actor);
  }

  @Get(':id/history')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: LoanHistory })
  getLoanHistory(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<LoanHistory> {
    return this.loans.history(id, actor);
  }

  /** The statement of account from a day to a day, also as it was known on a past one; and what falls due after it. */
  @Get(':id/book')
  @Requires('loan:read')
  @ProblemApi()
  @ApiOkResponse({ type: BookView })
  getLoanBook(
    @Param('id', IdPipe) id: string,
    @Query() query: BookQuery,
    @CurrentActor() actor: Actor,
  ): Promise<BookView> {
    return this.servicing.book(id, query, actor);
  }
}
