import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemError } from '@ansinh/problem';
import { jsonLines, PageQuery, ProblemApi, streamed } from '@ansinh/service';
import { AuditEventPage, AuditEventQuery, AuditLogView, AuditProofView, AuditRootPage } from './audit.dto.js';
import { auditProblems } from './audit.problems.js';
import { AuditService } from './audit.service.js';

const ndjson = 'application/x-ndjson';

@ApiTags('audit')
@ApiBearerAuth('bearer')
@Controller('v1')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get('audit-events')
  @Requires('audit:read')
  @ProblemApi()
  @ApiOkResponse({ type: AuditEventPage })
  listAuditEvents(@Query() query: AuditEventQuery, @CurrentActor() actor: Actor): Promise<AuditEventPage> {
    return this.audit.list(actor, query);
  }

  /** Everything that a third party needs, in one file. */
  @Get('audit-events/:seq/proof')
  @Requires('audit:read')
  @ProblemApi()
  @ApiOkResponse({ type: AuditProofView })
  proveAuditEvent(@Param('seq') seq: string, @CurrentActor() actor: Actor): Promise<AuditProofView> {
    if (!/^[1-9]\d{0,17}$/.test(seq)) throw new ProblemError(auditProblems.notFound);
    return this.audit.proof(seq, actor);
  }

  @Get('audit-log')
  @Requires('audit:read')
  @ProblemApi()
  @ApiOkResponse({ type: AuditLogView })
  getAuditLog(): Promise<AuditLogView> {
    return this.audit.log();
  }

  /** The whole log, an event a line; of other offices only number and hash. */
  @Get('audit-log/entries')
  @Requires('audit:read')
  @ProblemApi()
  @ApiOkResponse({ content: { [ndjson]: { schema: { type: 'string' } } } })
  streamAuditLog(@CurrentActor() actor: Actor): Promise<StreamableFile> {
    return streamed(ndjson, jsonLines(this.audit.entries(actor)));
  }

  @Get('audit-roots')
  @Requires('audit:read')
  @ProblemApi()
  @ApiOkResponse({ type: AuditRootPage })
  listAuditRoots(@Query() query: PageQuery): Promise<AuditRootPage> {
    return this.audit.roots(query);
  }
}
