import { Body, Controller, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, IfMatch, IfMatchApi, PageQuery, ProblemApi, Tagged } from '@ansinh/service';
import {
  ChangeEmployer,
  CloseEmployer,
  EmployerPage,
  EmployersQuery,
  EmployerView,
  EmploymentPage,
  EmployPerson,
  EnterEmployer,
} from './employer.dto.js';
import { EmployerService } from './employer.service.js';

@ApiTags('employers')
@ApiBearerAuth('bearer')
@Controller('v1/employers')
export class EmployerController {
  constructor(private readonly employers: EmployerService) {}

  @Get()
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: EmployerPage })
  listEmployers(@Query() query: EmployersQuery, @CurrentActor() actor: Actor): Promise<EmployerPage> {
    return this.employers.list(query, actor);
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

  @Get(':id/workers')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: EmploymentPage })
  listWorkers(
    @Param('id', IdPipe) id: string,
    @Query() query: PageQuery,
    @CurrentActor() actor: Actor,
  ): Promise<EmploymentPage> {
    return this.employers.workers(id, query, actor);
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
}
