import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi } from '@ansinh/service';
import { RefusedDocumentPage, RefusedDocumentQuery, RefusedDocumentView } from './refused-document.dto.js';
import { RefusedDocumentService } from './refused-document.service.js';

@ApiTags('statements')
@ApiBearerAuth('bearer')
@Controller('v1/refused-documents')
export class RefusedDocumentController {
  constructor(private readonly documents: RefusedDocumentService) {}

  @Get()
  @Requires('batch:read')
  @ProblemApi()
  @ApiOkResponse({ type: RefusedDocumentPage })
  listRefusedDocuments(
    @Query() query: RefusedDocumentQuery,
    @CurrentActor() actor: Actor,
  ): Promise<RefusedDocumentPage> {
    return this.documents.list(actor, query);
  }

  @Post(':id/retry')
  @HttpCode(200)
  @Requires('statement:write')
  @CommandApi()
  @ApiOkResponse({ type: RefusedDocumentView })
  retryRefusedDocument(
    @Param('id', IdPipe) id: string,
    @CurrentCommand() command: Command,
  ): Promise<RefusedDocumentView> {
    return this.documents.retry(id, command);
  }
}
