import {
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  Req,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, download, ProblemApi } from '@ansinh/service';
import { ListUploadApi } from '@ansinh/uploads';
import { streamedTypes } from '../rest.js';
import { CashListPage, CashListQuery, CashListView, ReceiptsView } from './cash-list.dto.js';
import { type CashListFormat, cashListFormats } from './cash-list-file.js';
import { CashListService } from './cash-list.service.js';
import { ReceiptsService } from './receipts.service.js';

const types: Record<CashListFormat, string> = { xlsx: streamedTypes.xlsx, pdf: 'application/pdf' };

@ApiTags('cash-lists')
@ApiBearerAuth('bearer')
@ApiExtraModels(CashListView)
@Controller('v1/batches')
export class CashListController {
  constructor(
    private readonly cashLists: CashListService,
    private readonly receipts: ReceiptsService,
  ) {}

  @Get(':id/cash-lists')
  @Requires('payment:read')
  @ProblemApi()
  @ApiOkResponse({ type: CashListPage })
  listCashLists(
    @Param('id', IdPipe) id: string,
    @Query() query: CashListQuery,
    @CurrentActor() actor: Actor,
  ): Promise<CashListPage> {
    return this.cashLists.list(id, query, actor);
  }

  /**
   * Where a list stands; with `Accept: application/pdf` the paper, with the type of XLSX a workbook to fill in and send to
   * `receipts`.
   */
  @Get(':id/cash-lists/:number')
  @Requires('payment:read')
  @PurposeApi()
  @ProblemApi()
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(CashListView) } },
      [types.pdf]: { schema: { type: 'string', format: 'binary' } },
      [types.xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async getCashList(
    @Param('id', IdPipe) id: string,
    @Param('number', ParseIntPipe) number: number,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentReader() reader: Reader,
  ): Promise<CashListView | StreamableFile> {
    const format = cashListFormats.find((name) => headers.accept?.includes(types[name]));
    if (!format) return this.cashLists.get(id, number, reader.actor);
    const language = languageOf(headers['accept-language']);
    const { content, fileName } = await this.cashLists.file(id, number, { format, language }, reader);
    return download({ type: types[format], fileName }, content);
  }

  /**
   * Takes in what was handed out, by the cash lists as they come back signed, of one list or of several. Columns: `payment`
   * (end-to-end id or row), `result` (paid or unpaid, in either language; empty: not known yet), `paidOn` of what was
   * paid, `reason` of what was not. Refused as a whole where a row cannot be right; each such row is named.
   */
  @Post(':id/receipts')
  @HttpCode(200)
  @Requires('statement:write')
  @CommandApi()
  @ListUploadApi()
  @ApiOkResponse({ type: ReceiptsView })
  recordReceipts(
    @Param('id', IdPipe) id: string,
    @Req() request: FastifyRequest,
    @CurrentCommand() command: Command,
  ): Promise<ReceiptsView> {
    return this.receipts.record(id, request, command);
  }
}
