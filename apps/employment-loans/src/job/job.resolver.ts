import { Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { type AuthenticatedRequest, Requires } from '@ansinh/auth';
import { type EntityReference, RequestLoader } from '@ansinh/graphql';
import { LoanModel } from '../loan/loan.model.js';
import type { JobView } from './job.dto.js';
import { JobModel } from './job.model.js';
import { JobService } from './job.service.js';

@Resolver(() => LoanModel)
export class LoanJobsResolver {
  private readonly byLoan: RequestLoader<string, JobView[]>;

  constructor(jobs: JobService) {
    this.byLoan = new RequestLoader((ids, actor) => jobs.ofLoans(ids, actor));
  }

  @ResolveField(() => [JobModel], { description: 'Workers whom use checks have named' })
  @Requires('loan:read')
  async jobs(@Parent() { id }: EntityReference, @Context('req') request: AuthenticatedRequest) {
    const jobs = (await this.byLoan.of(request).load(id)) ?? [];
    return jobs.map((job) => ({ ...job, person: { id: job.personId } }));
  }
}
