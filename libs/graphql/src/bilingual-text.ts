import { Directive, Field, ObjectType } from '@nestjs/graphql';

/** A text of the product in both its languages: the same type in every subgraph. */
@ObjectType('BilingualText')
@Directive('@shareable')
export class BilingualTextModel {
  @Field()
  vi: string;

  @Field()
  en: string;
}
