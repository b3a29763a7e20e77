import { Args, ID, Parent, Query, ResolveField, ResolveReference, Resolver } from '@nestjs/graphql';
import { Requires } from '@ansinh/auth';
import { Day } from '@ansinh/graphql';
import type { PlaceView } from './place.dto.js';
import { PlaceModel, PlaceVersionModel } from './place.model.js';
import { PlaceService } from './place.service.js';

@Resolver(() => PlaceModel)
export class PlaceResolver {
  constructor(private readonly service: PlaceService) {}

  @Query(() => PlaceVersionModel, { nullable: true, description: 'The unit that had a code on a day' })
  @Requires('registry:read')
  placeOn(
    @Args('code', { type: () => ID }) code: string,
    @Args('on', { type: () => Day }) on: string,
  ): PlaceView {
    return this.service.get(code, on);
  }

  @Query(() => PlaceModel, { nullable: true })
  @Requires('registry:read')
  place(@Args('code', { type: () => ID }) code: string): PlaceView {
    return this.service.get(code);
  }

  @ResolveReference()
  @Requires('registry:read')
  reference({ code }: { code: string }): PlaceView | null {
    return this.service.find(code);
  }

  @ResolveField(() => [PlaceVersionModel], { description: 'Every unit that had this code, oldest first' })
  @Requires('registry:read')
  versions(@Parent() { code }: PlaceView): PlaceView[] {
    return this.service.versions(code);
  }
}
