import { Body, Controller, Get, Headers, Param, Post, Query, StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiOkResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { languageOf } from '@ansinh/language';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, ProblemApi, Tagged } from '@ansinh/service';
import {
  DossierFilter,
  DossierHistory,
  DossierPage,
  DossierView,
  PresentDossier,
  TrackingSecret,
  Workload,
} from './dossier.dto.js';
import { DossierExportService, xlsx } from './dossier-export.service.js';
import { DossierService } from './dossier.service.js';
import { DossierFormsService } from './dossier-forms.service.js';
import { TrackingService } from './tracking.service.js';

const pdf = 'application/pdf';

@ApiTags('dossiers')
@ApiBearerAuth('bearer')
@ApiExtraModels(DossierPage)
@Controller('v1/dossiers')
export class DossierController {
  constructor(
    private readonly dossiers: DossierService,
    private readonly exports: DossierExportService,
    private readonly forms: DossierFormsService,
    private readonly tracking: TrackingService,
  ) {}

  /** The answer is at once one of three: received with its due day, incomplete with what is missing, or refused. */
  @Post()
  @Requires('dossier:receive')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: DossierView })
  presentDossier(@Body() input: PresentDossier, @CurrentCommand() command: Command): Promise<DossierView> {
    return this.dossiers.present(input, command);
  }

  /** A page as JSON; with `Accept` of XLSX the whole list. What is due first is on top. */
  @Get()
  @Requires('dossier:read')
  @ProblemApi()
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(DossierPage) } },
      [xlsx]: { schema: { type: 'string', format: 'binary' } },
    },
  })
  async listDossiers(
    @Query() filter: DossierFilter,
    @Headers() headers: { accept?: string; 'accept-language'?: string },
    @CurrentActor() actor: Actor,
  ): Promise<DossierPage | StreamableFile> {
    if (!headers.accept?.includes(xlsx)) return this.dossiers.list(filter, actor);
    const content = this.exports.open(filter, languageOf(headers['accept-language']), actor);
    return new StreamableFile(content, { type: xlsx, disposition: 'attachment; filename="dossiers.xlsx"' });
  }

  @Get('workload')
  @Requires('dossier:read')
  @ProblemApi()
  @ApiOkResponse({ type: Workload })
  getDossierWorkload(@CurrentActor() actor: Actor): Promise<Workload> {
    return this.dossiers.workload(actor);
  }

  /** The ETag is what a command on it names in If-Match. */
  @Get(':id')
  @Requires('dossier:read')
  @ProblemApi()
  @Tagged()
  @ApiOkResponse({ type: DossierView })
  getDossier(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<DossierView> {
    return this.dossiers.get(id, actor);
  }

  @Get(':id/history')
  @Requires('dossier:read')
  @ProblemApi()
  @ApiOkResponse({ type: DossierHistory })
  getDossierHistory(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<DossierHistory> {
    return this.dossiers.history(id, actor);
  }

  /** The form that its state asks for: receipt (01), request to supplement (02) or refusal (03). */
  @Get(':id/form')
  @Requires('dossier:receive')
  @ProblemApi()
  @ApiOkResponse({ content: { [pdf]: { schema: { type: 'string', format: 'binary' } } } })
  async printDossierForm(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.forms.print(id, actor);
    return new StreamableFile(content, { type: pdf, disposition: `attachment; filename="${fileName}"` });
  }

  @Get(':id/tracking-secret')
  @Requires('dossier:receive')
  @ProblemApi()
  @ApiOkResponse({ type: TrackingSecret })
  getTrackingSecret(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<TrackingSecret> {
    return this.tracking.secret(id, actor);
  }
}
