import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { Day, enumType } from '@ansinh/graphql';
import { placeLevels } from './place.dto.js';

const PlaceLevelType = enumType('PlaceLevel', placeLevels, 'Districts ended on 2025-07-01');

@ObjectType('PlaceName')
class PlaceNameModel {
  @Field({ description: 'Code of the General Statistics Office' })
  code: string;

  @Field()
  name: string;

  @Field(() => PlaceLevelType)
  level: string;
}

@ObjectType('PlaceVersion', { description: 'One unit over one interval' })
export class PlaceVersionModel extends PlaceNameModel {
  @Field(() => Day)
  validFrom: string;

  @Field(() => Day, { nullable: true, description: 'First day on which it is no longer valid' })
  validUntil: string | null;

  @Field(() => [PlaceNameModel], { description: 'The units above on that day, the nearest first' })
  above: PlaceNameModel[];

  @Field(() => PlaceNameModel, {
    nullable: true,
    description: 'The unit that holds its territory today; null where none does, or no source says which',
  })
  today: PlaceNameModel | null;
}

@ObjectType('Place', {
  description:
    'What a code stands for: the unit of today, or the last one. Codes were given to other territories',
})
@Directive('@key(fields: "code")')
export class PlaceModel extends PlaceVersionModel {
  @Field(() => ID)
  declare code: string;
}
