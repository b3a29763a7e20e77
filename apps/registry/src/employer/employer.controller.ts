import { Body, Controller, Get, Headers, Param, Post, Put, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentReader, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, IfMatch, IfMatchApi, PageQuery, ProblemApi, Tagged } from '@ansinh/service';
import type { ListHeaders } from '@ansinh/uploads';
import { ListApi, ListExportService } from '../export/list-export.service.js';
import { employerColumnsOfList, workerColumnsOfList } from './employer-columns.js';
import {
  ChangeEmployer,
  CloseEmployer,
  CorrectClosure,
  EmployerPage,
  EmployersQuery,
  EmployerView,
  EmploymentPage,
  EmploymentView,
  EmployPerson,
  EndEmployment,
  EnterEmployer,
} from './employer.dto.js';
import { EmployerService } from './employer.service.js';

@ApiTags('employers')
@ApiBearerAuth('bearer')
@Controller('v1/employers')
export class EmployerController {
  constructor(
    private readonly employers: EmployerService,
    private readonly exports: ListExportService,
  ) {}

  @Get()
  @Requires('registry:read')
  @ProblemApi()
  @ListApi(EmployerPage)
  async listEmployers(
    @Query() query: EmployersQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<EmployerPage | StreamableFile> {
    const list = {
      name: 'employers',
      sheet: { vi: 'Người sử dụng lao động', en: 'Employers' },
      columns: employerColumnsOfList,
      page: (pages: PageQuery) => this.employers.list({ ...query, ...pages }, reader.actor),
    };
    return (await this.exports.asked(headers, list, reader)) ?? this.employers.list(query, reader.actor);
  }

  @Post()
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: EmployerView })
  enterEmployer(@Body() input: EnterEmployer, @CurrentCommand() command: Command): Promise<EmployerView> {
    return this.employers.enter(input, command);
  }

  @Get(':id')
  @Requires('registry:read')
  @ProblemApi()
  @Tagged()
  @ApiOkResponse({ type: EmployerView })
  getEmployer(@Param('id', IdPipe) id: string, @CurrentActor() actor: Actor): Promise<EmployerView> {
    return this.employers.get(id, actor);
  }

  @Put(':id')
  @Requires('registry:write')
  @ProblemApi()
  @IfMatchApi()
  @Tagged()
  @ApiOkResponse({ type: EmployerView })
  changeEmployer(
    @Param('id', IdPipe) id: string,
    @Body() input: ChangeEmployer,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<EmployerView> {
    return this.employers.change(id, version, input, command);
  }

  @Post(':id/closure')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: EmployerView })
  closeEmployer(
    @Param('id', IdPipe) id: string,
    @Body() input: CloseEmployer,
    @CurrentCommand() command: Command,
  ): Promise<EmployerView> {
    return this.employers.close(id, input, command);
  }

  @Post(':id/closure/correction')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: EmployerView })
  correctClosure(
    @Param('id', IdPipe) id: string,
    @Body() input: CorrectClosure,
    @CurrentCommand() command: Command,
  ): Promise<EmployerView> {
    return this.employers.correctClosure(id, input, command);
  }

  @Get(':id/workers')
  @Requires('registry:read')
  @ProblemApi()
  @ListApi(EmploymentPage)
  async listWorkers(
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<EmploymentPage | StreamableFile> {
    const list = {
      name: 'workers',
      subject: `employer/${id}/workers`,
      sheet: { vi: 'Người lao động', en: 'Workers' },
      columns: workerColumnsOfList,
      page: (pages: PageQuery) => this.employers.namedWorkers(id, pages, reader.actor),
    };
    return (
      (await this.exports.asked(headers, list, reader)) ?? this.employers.workers(id, query, reader.actor)
    );
  }

  @Post(':id/workers')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: EmployerView })
  employPerson(
    @Param('id', IdPipe) id: string,
    @Body() input: EmployPerson,
    @CurrentCommand() command: Command,
  ): Promise<EmployerView> {
    return this.employers.employ(id, input, command);
  }

  @Post(':id/workers/:employment/end')
  @Requires('registry:write')
  @CommandApi()
  @ApiCreatedResponse({ type: EmploymentView })
  endEmployment(
    @Param('id', IdPipe) id: string,
    @Param('employment', IdPipe) employment: string,
    @Body() input: EndEmployment,
    @CurrentCommand() command: Command,
  ): Promise<EmploymentView> {
    return this.employers.endEmployment(id, employment, input, command);
  }
}
