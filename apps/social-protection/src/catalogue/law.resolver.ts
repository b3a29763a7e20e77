import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, Requires } from '@ansinh/auth';
import { Day } from '@ansinh/graphql';
import type { LawChangeView, LawProgrammeView, LawView } from './law.dto.js';
import { LawArgs, LawChangeModel, LawModel, LawProgrammeModel } from './law.model.js';
import { LawService } from './law.service.js';

@Resolver(() => LawModel)
export class LawResolver {
  constructor(private readonly laws: LawService) {}

  @Query(() => [LawProgrammeModel], { description: 'Everything that the law is asked here' })
  @Requires('support:read')
  lawProgrammes(): LawProgrammeView[] {
    return this.laws.programmes();
  }

  @Query(() => LawModel, { description: 'Rules and values for a day; today where it is left out' })
  @Requires('support:read')
  law(@Args() { programme, day, knownOn }: LawArgs, @CurrentActor() actor: Actor): Promise<LawView> {
    return this.laws.get(programme, { day: day ?? undefined, knownOn: knownOn ?? undefined }, actor);
  }

  @Query(() => [LawChangeModel], {
    description: 'What began, ended, was rewritten or changed between two days',
  })
  @Requires('support:read')
  lawChanges(
    @Args('programme', { type: () => ID }) programme: string,
    @Args('from', { type: () => Day }) from: string,
    @Args('to', { type: () => Day }) to: string,
    @CurrentActor() actor: Actor,
  ): Promise<LawChangeView[]> {
    return this.laws.compare(programme, { from, to }, actor);
  }
}
