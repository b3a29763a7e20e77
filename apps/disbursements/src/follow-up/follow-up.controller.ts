import {
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Query,
  Req,
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
import type { FastifyRequest } from 'fastify';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, download, ProblemApi } from '@ansinh/service';
import { ListUploadApi } from '@ansinh/uploads';
import { BatchView } from '../batch/batch.dto.js';
import { streamedTypes } from '../rest.js';
import { FollowUpQuery, ReturnedPage, ReturnedQuery } from './follow-up.dto.js';
import { FollowUpService } from './follow-up.service.js';
import { ReturnedLinesService } from './returned-lines.service.js';

@ApiTags('follow-up')
@ApiBearerAuth('bearer')
@ApiExtraModels(ReturnedPage)
@Controller('v1/batches')
export class FollowUpController {
  constructor(
    private readonly followUps: FollowUpService,
    private readonly returned: ReturnedLinesService,
  ) {}

  /** A page as JSON; with `Accept: text/csv` or the type of XLSX, a list to fill in and send to `follow-up`. */
  @Get(':id/returned')
  @Requires('payment:read')
  @ProblemApi()
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(ReturnedPage) } },
      [streamedTypes.csv]: { schema: { type: 'string', format: 'binary' } },
      [streamedTypes.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async listReturnedLines(
    @Param('id', IdPipe) id: string,
    @Query() query: ReturnedQuery,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentActor() actor: Actor,
  ): Promise<ReturnedPage | StreamableFile> {
    const format = (['csv', 'xlsx'] as const).find((name) => headers.accept?.includes(streamedTypes[name]));
    if (!format) return this.returned.list(id, query, actor);
    const language = languageOf(headers['accept-language']);
    const request = { format, language, state: query.state ?? 'open' };
    const { content, fileName } = await this.returned.open(id, request, actor);
    return download({ type: streamedTypes[format], fileName }, content);
  }

  /**
   * Makes a batch of the lines that the body corrects. Columns: `payment` (end-to-end id or row), and of `bankBin`,
   * `account`, `payeeName`, `remittance` what changed, or anything in `again` to pay as before. Lines that are not
   * corrected stay open. Another fund may pay it: after cash then `bankBin` and `account` are needed, for cash they are not
   * given.
   */
  @Post(':id/follow-up')
  @HttpCode(202)
  @Requires('batch:write')
  @CommandApi()
  @ListUploadApi()
  @ApiAcceptedResponse({ type: BatchView })
  followUpBatch(
    @Param('id', IdPipe) id: string,
    @Query() query: FollowUpQuery,
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<BatchView> {
    return this.followUps.create(id, request, query, command);
  }
}
