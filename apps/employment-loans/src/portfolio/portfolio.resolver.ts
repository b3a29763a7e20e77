import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import type { PortfolioView } from './portfolio.dto.js';
import { PortfolioArgs, PortfolioModel } from './portfolio.model.js';
import { PortfolioService } from './portfolio.service.js';

@Resolver(() => PortfolioModel)
export class PortfolioResolver {
  constructor(private readonly portfolio: PortfolioService) {}

  @Query(() => PortfolioModel, { description: 'What is out at the end of a day, and how it stands' })
  @Requires('loan:read')
  loanPortfolio(@Args() args: PortfolioArgs, @CurrentActor() actor: Actor): Promise<PortfolioView> {
    return this.portfolio.asOf(args, actor);
  }
}
