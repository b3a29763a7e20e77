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
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiExtraModels,
  ApiOkResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, download, ProblemApi } from '@ansinh/service';
import { BatchView } from '../batch/batch.dto.js';
import { streamedTypes } from '../rest.js';
import { FindingPage, FindingQuery, WaiveInput, WaiverList } from './finding.dto.js';
import { FindingService } from './finding.service.js';
import { RemarkedListService } from './remarked-list.service.js';

@ApiTags('findings')
@ApiBearerAuth('bearer')
@ApiExtraModels(FindingPage)
@Controller('v1/batches')
export class FindingController {
  constructor(
    private readonly findings: FindingService,
    private readonly lists: RemarkedListService,
  ) {}

  /**
   * A page of findings as JSON; with `Accept: text/csv` or the type of XLSX, the list again with a column of remarks. Numbers
   * of people are masked in it, unless a maker of the batch, or who may unmask, states a purpose.
   */
  @Get(':id/findings')
  @Requires('batch:read')
  @PurposeApi()
  @ProblemApi()
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(FindingPage) } },
      [streamedTypes.csv]: { schema: { type: 'string', format: 'binary' } },
      [streamedTypes.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async listFindings(
    @Param('id', IdPipe) id: string,
    @Query() query: FindingQuery,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentReader() reader: Reader,
  ): Promise<FindingPage | StreamableFile> {
    const format = (['csv', 'xlsx'] as const).find((name) => headers.accept?.includes(streamedTypes[name]));
    if (!format) return this.findings.list(id, query, reader.actor);
    const language = languageOf(headers['accept-language']);
    const { content, fileName } = await this.lists.open(
      id,
      { format, language, isFlawedOnly: query.rows === 'flawed' },
      reader,
    );
    return download({ type: streamedTypes[format], fileName }, content);
  }

  @Post(':id/waivers')
  @HttpCode(202)
  @Requires('batch:write')
  @CommandApi()
  @ApiAcceptedResponse({ type: BatchView })
  waiveFinding(
    @Param('id', IdPipe) id: string,
    @Body() input: WaiveInput,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.findings.waive(id, input, command);
  }

  @Get(':id/waivers')
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: WaiverList })
  async listWaivers(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<WaiverList> {
    return { items: await this.findings.waivers(id, actor) };
  }
}
