import { ArgsType, Field, Int, ObjectType } from '@nestjs/graphql';
import { Matches } from 'class-validator';
import { Day, Vnd } from '@ansinh/graphql';
import { endToEndPattern } from '../batch/batch-code.js';
import { DirectionType } from '../exception/exception.model.js';

@ObjectType('StatementEntry', {
  description:
    'What a bank has booked: a movement of one payment, or the sum of the message that it was sent by',
})
export class StatementEntryModel {
  @Field({ description: 'camt.052, camt.053, camt.054 or mt940' })
  kind: string;

  @Field({ description: 'The bank’s own number of the statement' })
  documentId: string;

  @Field({ description: 'The bank’s reference of the entry' })
  reference: string;

  @Field(() => DirectionType)
  direction: string;

  @Field(() => Vnd)
  amount: string;

  @Field(() => Day, { nullable: true })
  bookedOn: string | null;

  @Field(() => String, { nullable: true, description: 'The message whose sum it is; null: of one payment' })
  messageId: string | null;

  @Field(() => Int, { nullable: true, description: 'How many payments the bank has summed up in it' })
  payments: number | null;
}

@ArgsType()
export class StatementEntriesArgs {
  @Field({ description: 'As it stands in the statement' })
  @Matches(endToEndPattern)
  endToEndId: string;
}
