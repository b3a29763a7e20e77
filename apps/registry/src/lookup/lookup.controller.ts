import { Controller, Headers, HttpCode, Post, Query, Req, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { Requires } from '@ansinh/auth';
import { languageOf } from '@ansinh/language';
import { jsonLines, ProblemApi, streamed } from '@ansinh/service';
import { listTypes, ListUploadApi } from '@ansinh/uploads';
import { LookupAnswer, LookupQuery } from './lookup.dto.js';
import { LookupService } from './lookup.service.js';
import { lookupSheet } from './lookup-sheet.js';

@ApiTags('people')
@ApiBearerAuth('bearer')
@ApiExtraModels(LookupAnswer)
@Controller('v1/people')
export class LookupController {
  constructor(private readonly lookups: LookupService) {}

  /** Up to 100,000 numbers, with names and births to be compared where they are sent. One answer a row, in their order. */
  @Post('bulk-lookups')
  @HttpCode(200)
  @Requires('registry:lookup')
  @ProblemApi()
  @PurposeApi(true)
  @ListUploadApi()
  @ApiOkResponse({
    content: {
      [listTypes.ndjson]: { schema: { $ref: getSchemaPath(LookupAnswer) } },
      [listTypes.csv]: { schema: { type: 'string' } },
    },
  })
  async lookUpPeople(
    @Req() request: FastifyRequest,
    @Query() query: LookupQuery,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    const answers = this.lookups.lookUp(request, query, reader);
    if (!headers.accept?.includes(listTypes.csv)) return streamed(listTypes.ndjson, jsonLines(answers));
    const sheet = lookupSheet(answers, languageOf(headers['accept-language']));
    return streamed(listTypes.csv, sheet.iterator() as AsyncGenerator<Uint8Array>);
  }
}
