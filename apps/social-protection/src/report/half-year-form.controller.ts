import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { languageOf } from '@ansinh/language';
import { ProblemApi } from '@ansinh/service';
import { asksForWorkbook, ListApi, type ListHeaders } from '@ansinh/uploads';
import { formWorkbook } from './half-year-form-workbook.js';
import { HalfYearForms, HalfYearFormsQuery } from './half-year-form.dto.js';
import { HalfYearFormService } from './half-year-form.service.js';

@ApiTags('reports')
@ApiBearerAuth('bearer')
@Controller('v1/half-year-forms')
export class HalfYearFormController {
  constructor(private readonly forms: HalfYearFormService) {}

  /** Of a unit by the tree of the last day. It names nobody. As a workbook of a sheet a form by `Accept`. */
  @Get()
  @Requires('support:read')
  @ProblemApi()
  @ListApi(HalfYearForms)
  async getHalfYearForms(
    @Query() query: HalfYearFormsQuery,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<HalfYearForms | StreamableFile> {
    const report = await this.forms.ofUnit(query, actor);
    return asksForWorkbook(headers) ? formWorkbook(report, languageOf(headers['accept-language'])) : report;
  }
}
