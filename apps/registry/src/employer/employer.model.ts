import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { connectionType, Day, enumType } from '@ansinh/graphql';
import { employerKinds } from './employer-kinds.js';

const EmployerKindType = enumType('EmployerKind', employerKinds, 'By its registration');

@ObjectType('Employer')
@Directive('@key(fields: "id")')
export class EmployerModel {
  @Field(() => ID)
  id: string;

  @Field()
  taxCode: string;

  @Field()
  name: string;

  @Field(() => EmployerKindType)
  kind: string;

  @Field(() => String, { nullable: true, description: 'Industrial park' })
  park: string | null;

  @Field(() => Day, { nullable: true })
  closedOn: string | null;
}

export const EmployerConnection = connectionType('Employer', EmployerModel);

@ObjectType('Employment')
export class EmploymentModel {
  @Field(() => Day)
  contractFrom: string;

  @Field(() => Day, { nullable: true })
  contractUntil: string | null;

  @Field(() => Day, { nullable: true, description: 'Social insurance paid since' })
  insuredFrom: string | null;

  @Field(() => Day, { nullable: true })
  insuredUntil: string | null;
}
