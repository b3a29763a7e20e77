import { Body, Controller, Get, Headers, Param, Post, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { BehalfApi, CommandApi, download, type PageQuery, ProblemApi, Tagged } from '@ansinh/service';
import type { ListHeaders } from '@ansinh/uploads';
import { ListApi, ListExportService } from '../export/list-export.service.js';
import {
  DossierFilter,
  DossierHistory,
  DossierPage,
  DossierView,
  PresentDossier,
  Workload,
} from './dossier.dto.js';
import { FormQuery, RegisterQuery } from './dossier-form.dto.js';
import { dossierColumnsOfList, workloadColumnsOfList } from './dossier-columns.js';
import { DossierService } from './dossier.service.js';
import { DossierFormsService } from './dossier-forms.service.js';
import { TrackingSecret } from './tracking.dto.js';
import { TrackingService } from './tracking.service.js';

const pdf = 'application/pdf';

const PdfApi = () => ApiOkResponse({ content: { [pdf]: { schema: { type: 'string', format: 'binary' } } } });

@ApiTags('dossiers')
@ApiBearerAuth('bearer')
@BehalfApi()
@Controller('v1/dossiers')
export class DossierController {
  constructor(
    private readonly dossiers: DossierService,
    private readonly exports: ListExportService,
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

  /** A page as JSON; with `Accept` of XLSX, for a stated purpose, the whole list. What is due first is on top. */
  @Get()
  @Requires('dossier:read')
  @ProblemApi()
  @ListApi(DossierPage)
  async listDossiers(
    @Query() filter: DossierFilter,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<DossierPage | StreamableFile> {
    const list = {
      name: 'dossiers',
      sheet: { vi: 'Hồ sơ', en: 'Dossiers' },
      columns: dossierColumnsOfList,
      page: (query: PageQuery) => this.dossiers.list({ ...filter, ...query }, reader.actor),
    };
    return (await this.exports.asked(headers, list, reader)) ?? this.dossiers.list(filter, reader.actor);
  }

  /** Counts by office and step, the whole of them; with `Accept` of XLSX, for a stated purpose, as a workbook. */
  @Get('workload')
  @Requires('dossier:read')
  @ProblemApi()
  @ListApi(Workload)
  async getDossierWorkload(
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<Workload | StreamableFile> {
    const list = {
      name: 'workload',
      sheet: { vi: 'Khối lượng hồ sơ', en: 'Workload' },
      columns: workloadColumnsOfList,
      page: async () => ({ ...(await this.dossiers.workload(reader.actor)), next: null }),
    };
    return (await this.exports.asked(headers, list, reader)) ?? this.dossiers.workload(reader.actor);
  }

  /** The register (06) of a desk over some days, for a stated purpose. */
  @Get('register')
  @Requires('dossier:read')
  @ProblemApi()
  @PurposeApi()
  @PdfApi()
  async printRegister(
    @Query() query: RegisterQuery,
    @CurrentReader() reader: Reader,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.forms.printRegister(query, reader);
    return download({ type: pdf, fileName }, content);
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

  /**
   * The form that its state asks for, receipt (01), request to supplement (02) or refusal (03), or the one that is named: the
   * apology (04) too.
   */
  @Get(':id/form')
  @Requires('dossier:receive')
  @ProblemApi()
  @PdfApi()
  async printDossierForm(
    @Param('id', IdPipe) id: string,
    @Query() { kind }: FormQuery,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.forms.print(id, kind ?? null, actor);
    return download({ type: pdf, fileName }, content);
  }

  /** The control slip (05): who had it from when until when. */
  @Get(':id/control-slip')
  @Requires('dossier:read')
  @ProblemApi()
  @PdfApi()
  async printControlSlip(
    @Param('id', IdPipe) id: string,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const { content, fileName } = await this.forms.printControlSlip(id, actor);
    return download({ type: pdf, fileName }, content);
  }

  @Get(':id/tracking-secret')
  @Requires('dossier:receive')
  @ProblemApi()
  @ApiOkResponse({ type: TrackingSecret })
  getTrackingSecret(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<TrackingSecret> {
    return this.tracking.secret(id, actor);
  }
}
