import { Query, Resolver } from '@nestjs/graphql';
import { Requires } from '@ansinh/auth';
import { SupportProgrammeModel } from './programme.model.js';
import { type SupportProgramme, supportProgrammes } from './programmes.js';

@Resolver(() => SupportProgrammeModel)
export class ProgrammeResolver {
  @Query(() => [SupportProgrammeModel], { description: 'The programmes that are carried out here' })
  @Requires('support:read')
  supportProgrammes(): readonly SupportProgramme[] {
    return supportProgrammes;
  }
}
