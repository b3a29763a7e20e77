import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { type Connection, connectionOf, pageQuery } from '@ansinh/graphql';
import type { FundReport, FundReportQuery } from './fund-report.dto.js';
import { FundReportArgs, FundReportConnection, FundReportModel } from './fund-report.model.js';
import { fundKey, FundReportService } from './fund-report.service.js';

@Resolver(() => FundReportModel)
export class FundReportResolver {
  constructor(private readonly reports: FundReportService) {}

  @Query(() => FundReportConnection, { description: 'Of each fund, within one year' })
  @Requires('loan:read')
  async fundReports(
    @Args() args: FundReportArgs,
    @CurrentActor() actor: Actor,
  ): Promise<Connection<FundReport>> {
    const page = await this.reports.list(pageQuery(args) as FundReportQuery, actor);
    return connectionOf(page, fundKey, args.after);
  }
}
