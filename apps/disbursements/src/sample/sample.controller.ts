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
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiProperty,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, download, PageQuery, ProblemApi, streamed } from '@ansinh/service';
import { streamedTypes } from '../rest.js';
import {
  DrawSample,
  RecordResults,
  SampleEstimateView,
  SampleLinePage,
  SampleList,
  SampleView,
} from './sample.dto.js';
import { SampleService } from './sample.service.js';
import { SampleEstimateService } from './sample-estimate.service.js';
import { VisitService } from './visit.service.js';

class Recorded {
  @ApiProperty()
  recorded: number;
}

@ApiTags('samples')
@ApiBearerAuth('bearer')
@ApiExtraModels(SampleLinePage)
@Controller('v1')
export class SampleController {
  constructor(
    private readonly samples: SampleService,
    private readonly visits: VisitService,
    private readonly estimates: SampleEstimateService,
  ) {}

  /** By district and amount, in proportion to the money; the same seed and list give the same lines to everybody. */
  @Post('batches/:id/samples')
  @Requires('sample:write')
  @CommandApi()
  @ApiCreatedResponse({ type: SampleView })
  drawSample(
    @Param('id', IdPipe) id: string,
    @Body() input: DrawSample,
    @CurrentCommand() command: Command,
  ): Promise<SampleView> {
    return this.samples.draw(id, input, command);
  }

  @Get('batches/:id/samples')
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({ type: SampleList })
  async listSamples(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<SampleList> {
    return { items: await this.samples.list(id, actor) };
  }

  @Get('samples/:id')
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({ type: SampleView })
  getSample(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<SampleView> {
    return this.samples.get(id, actor);
  }

  /** The list that was drawn from, without names or numbers of people; its SHA-256 is the sample's `listDigest`. */
  @Get('samples/:id/list')
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({ content: { [streamedTypes.csv]: { schema: { type: 'string' } } } })
  getSampledList(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<StreamableFile> {
    return streamed(streamedTypes.csv, this.samples.listOf(id, actor));
  }

  /** A page as JSON; with `Accept: text/csv` or the type of XLSX, the list to print and take along. */
  @Get('samples/:id/lines')
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(SampleLinePage) } },
      [streamedTypes.csv]: { schema: { type: 'string', format: 'binary' } },
      [streamedTypes.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async listSampledLines(
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentActor() actor: Actor,
  ): Promise<SampleLinePage | StreamableFile> {
    const format = (['csv', 'xlsx'] as const).find((name) => headers.accept?.includes(streamedTypes[name]));
    if (!format) return this.visits.list(id, query, actor);
    const language = languageOf(headers['accept-language']);
    const { content, fileName } = await this.visits.open(id, { format, language }, actor);
    return download({ type: streamedTypes[format], fileName }, content);
  }

  @Post('samples/:id/results')
  @HttpCode(200)
  @Requires('sample:write')
  @CommandApi()
  @ApiOkResponse({ type: Recorded })
  recordResults(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordResults,
    @CurrentCommand() command: Command,
  ): Promise<Recorded> {
    return this.visits.record(id, input, command);
  }

  /** Wrong money of the whole list with its interval, once every line has its result. */
  @Get('samples/:id/estimate')
  @Requires('verify:read')
  @ProblemApi()
  @ApiOkResponse({ type: SampleEstimateView })
  estimateSample(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<SampleEstimateView> {
    return this.estimates.estimate(id, actor);
  }
}
