import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  Post,
  Put,
  Query,
  type StreamableFile,
} from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CurrentReader, PurposeApi, type Reader } from '@ansinh/access-log';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Command, CurrentCommand } from '@ansinh/idempotency';
import { IdPipe } from '@ansinh/problem';
import { CommandApi, IfMatch, IfMatchApi, type PageQuery, ProblemApi, Tagged } from '@ansinh/service';
import type { ListHeaders } from '@ansinh/uploads';
import { ListApi, ListExportService } from '../export/list-export.service.js';
import { FactList, FactsQuery, RecordFact } from './fact.dto.js';
import { personColumnsOfList } from './person-columns.js';
import {
  ChangePerson,
  CorrectDeath,
  CreatePerson,
  JudgeAccount,
  LookUpPerson,
  PeopleQuery,
  PersonPage,
  PersonRecorded,
  PersonSummary,
  PersonView,
  RecordAccount,
  RecordDeath,
  RecordNumber,
  RecordResidence,
} from './person.dto.js';
import { PersonRecordsService } from './person-records.service.js';
import { PersonSearchService } from './person-search.service.js';
import { PersonService } from './person.service.js';

@ApiTags('people')
@ApiBearerAuth('bearer')
@Controller('v1/people')
export class PersonController {
  constructor(
    private readonly people: PersonService,
    private readonly records: PersonRecordsService,
    private readonly searching: PersonSearchService,
    private readonly exports: ListExportService,
  ) {}

  @Get()
  @Requires('registry:read')
  @ProblemApi()
  @ListApi(PersonPage)
  async searchPeople(
    @Query() query: PeopleQuery,
    @Headers() headers: ListHeaders,
    @CurrentReader() reader: Reader,
  ): Promise<PersonPage | StreamableFile> {
    const page = async (pages: PageQuery) => {
      const { items, next } = await this.searching.search({ ...query, ...pages }, reader.actor);
      return { items: items.map(({ person }) => person), next };
    };
    const list = {
      name: 'people',
      sheet: { vi: 'Người dân', en: 'People' },
      columns: personColumnsOfList,
      page,
    };
    return (await this.exports.asked(headers, list, reader)) ?? page(query);
  }

  @Post('lookups')
  @HttpCode(200)
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: PersonSummary })
  lookUpPerson(@Body() { number }: LookUpPerson, @CurrentActor() actor: Actor): Promise<PersonSummary> {
    return this.people.byNumber(number, actor);
  }

  @Post()
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  createPerson(@Body() input: CreatePerson, @CurrentCommand() command: Command): Promise<PersonRecorded> {
    return this.people.create(input, command);
  }

  @Get(':id')
  @Requires('registry:read')
  @ProblemApi()
  @PurposeApi()
  @Tagged()
  @ApiOkResponse({ type: PersonView })
  getPerson(@Param('id', IdPipe) id: string, @CurrentReader() reader: Reader): Promise<PersonView> {
    return this.people.get(id, reader);
  }

  @Put(':id')
  @Requires('registry:write')
  @ProblemApi()
  @IfMatchApi()
  @Tagged()
  @ApiOkResponse({ type: PersonRecorded })
  changePerson(
    @Param('id', IdPipe) id: string,
    @Body() input: ChangePerson,
    @IfMatch() version: number,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.people.change(id, version, input, command);
  }

  @Post(':id/residences')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  recordResidence(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordResidence,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.recordResidence(id, input, command);
  }

  @Get(':id/facts')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: FactList })
  async listFacts(
    @Param('id', IdPipe) id: string,
    @Query() query: FactsQuery,
    @CurrentActor() actor: Actor,
  ): Promise<FactList> {
    return { items: await this.records.facts(id, query, actor) };
  }

  @Post(':id/facts')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  recordFact(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordFact,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.recordFact(id, input, command);
  }

  @Post(':id/death')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  recordDeath(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordDeath,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.recordDeath(id, input, command);
  }

  @Post(':id/death/correction')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  correctDeath(
    @Param('id', IdPipe) id: string,
    @Body() input: CorrectDeath,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.correctDeath(id, input, command);
  }

  @Post(':id/numbers')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  recordNumber(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordNumber,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.recordNumber(id, input, command);
  }

  @Post(':id/accounts')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  recordAccount(
    @Param('id', IdPipe) id: string,
    @Body() input: RecordAccount,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.recordAccount(id, input, command);
  }

  @Post(':id/accounts/:account/verdict')
  @Requires('registry:write')
  @CommandApi()
  @Tagged()
  @ApiCreatedResponse({ type: PersonRecorded })
  judgeAccount(
    @Param('id', IdPipe) id: string,
    @Param('account', IdPipe) account: string,
    @Body() input: JudgeAccount,
    @CurrentCommand() command: Command,
  ): Promise<PersonRecorded> {
    return this.records.judgeAccount(id, account, input, command);
  }
}
