import { Controller, Get, Headers, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { ListApi, type ListHeaders, pageOrWorkbook } from '@ansinh/uploads';
import { JobFilter, JobPage } from './job.dto.js';
import { jobSheet } from './job-sheet.js';
import { JobService } from './job.service.js';

@ApiTags('loans')
@ApiBearerAuth('bearer')
@Controller('v1/loan-jobs')
export class JobController {
  constructor(private readonly jobs: JobService) {}

  /** Workers whom use checks have named: who counts, and why the others do not. */
  @Get()
  @Requires('loan:read')
  @ProblemApi()
  @ListApi(JobPage)
  listLoanJobs(
    @Query() filter: JobFilter,
    @Headers() headers: ListHeaders,
    @CurrentActor() actor: Actor,
  ): Promise<JobPage | StreamableFile> {
    return pageOrWorkbook(headers, jobSheet, (pages) => this.jobs.list({ ...filter, ...pages }, actor));
  }
}
