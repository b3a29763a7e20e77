import { Controller, Get, Headers, Param, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import {
  type ListHeaders,
  ListUploadApi,
  RemarkedListApi,
  RemarkedListQuery,
  remarkedListRequest,
} from '@ansinh/uploads';
import { InsuranceListView } from './insurance.dto.js';
import { InsuranceService } from './insurance.service.js';
import { RemarkedAnswersService } from './remarked-answers.service.js';

@ApiTags('insurance')
@ApiBearerAuth('bearer')
@Controller('v1/insurance-lists')
export class InsuranceController {
  constructor(
    private readonly insurance: InsuranceService,
    private readonly remarked: RemarkedAnswersService,
  ) {}

  /** What the insurance office confirms: who was insured by which employer in which month, and who was not. */
  @Post()
  @Requires('support:insurance')
  @CommandApi()
  @ListUploadApi()
  @ApiCreatedResponse({ type: InsuranceListView })
  confirmInsurance(
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<InsuranceListView> {
    return this.insurance.confirm(request, command);
  }

  /** A refused list again with a column of remarks; as XLSX by `Accept`, else as CSV. Numbers are masked without a purpose. */
  @Get(':id/list')
  @Requires('support:insurance')
  @ProblemApi()
  @PurposeApi()
  @RemarkedListApi()
  getRemarkedAnswers(
    @Param('id', IdPipe) id: string,
    @Query() query: RemarkedListQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    return this.remarked.open(id, remarkedListRequest(headers, query), reader);
  }
}
