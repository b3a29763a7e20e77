import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { IdPipe } from '@ansinh/problem';
import { download, ProblemApi } from '@ansinh/service';
import { NoticeQuery } from './loan-paper.dto.js';
import { LoanPaperService } from './loan-paper.service.js';

const pdf = 'application/pdf';

const PdfApi = () => ApiOkResponse({ content: { [pdf]: { schema: { type: 'string', format: 'binary' } } } });

/** What is printed of a loan: the same loan is the same file. Numbers of people are masked, as everywhere here. */
@ApiTags('loans')
@ApiBearerAuth('bearer')
@Controller('v1/loans/:id/papers')
export class LoanPaperController {
  constructor(private readonly papers: LoanPaperService) {}

  @Get('annex')
  @Requires('loan:read')
  @ProblemApi()
  @PdfApi()
  async printLoanAnnex(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.papers.annex(id, actor);
    return download({ type: pdf, fileName }, content);
  }

  @Get('schedule')
  @Requires('loan:read')
  @ProblemApi()
  @PdfApi()
  async printLoanSchedule(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.papers.schedule(id, actor);
    return download({ type: pdf, fileName }, content);
  }

  /** What is due at the end of a day, or falls due next after it. */
  @Get('notice')
  @Requires('loan:read')
  @ProblemApi()
  @PdfApi()
  async printPaymentNotice(
    @Param('id', IdPipe) id: string,
    @Query() { on }: NoticeQuery,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.papers.notice(id, on, actor);
    return download({ type: pdf, fileName }, content);
  }
}
