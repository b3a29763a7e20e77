import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Requires } from '@ansinh/auth';
import { ProblemApi } from '@ansinh/service';
import { PlaceList, PlaceQuery, PlacesQuery, PlaceView } from './place.dto.js';
import { PlaceService } from './place.service.js';

@ApiTags('places')
@ApiBearerAuth('bearer')
@Controller('v1/places')
export class PlaceController {
  constructor(private readonly places: PlaceService) {}

  @Get()
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: PlaceList })
  listPlaces(@Query() { parent, on }: PlacesQuery): PlaceList {
    return this.places.below(parent, on);
  }

  @Get(':code')
  @Requires('registry:read')
  @ProblemApi()
  @ApiOkResponse({ type: PlaceView })
  getPlace(@Param('code') code: string, @Query() { on }: PlaceQuery): PlaceView {
    return this.places.get(code, on);
  }
}
