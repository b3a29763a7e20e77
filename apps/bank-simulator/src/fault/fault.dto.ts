import { Type } from 'class-transformer';
import { IsNumber, IsObject, IsOptional, Max, Min, ValidateBy, ValidateNested } from 'class-validator';
import { type FaultKind, faultKinds, type FaultRates } from './fault-plan.js';

const isSeed = (value: unknown) =>
  Number.isSafeInteger(value) || (typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value));
const isShare = (value: unknown) =>
  typeof value === 'boolean' || (typeof value === 'number' && value >= 0 && value <= 1);

/** `true`: at the general rate; a number: at that rate. */
const Share = (): PropertyDecorator => (target, property) => {
  IsOptional()(target, property);
  ValidateBy({ name: 'isShare', validator: { validate: isShare, defaultMessage: () => 'true or 0…1' } })(
    target,
    property,
  );
};

class FaultShares implements Partial<Record<FaultKind, boolean | number>> {
  @Share() refuse?: boolean | number;
  @Share() returnLater?: boolean | number;
  @Share() loseAnswer?: boolean | number;
  @Share() answerLate?: boolean | number;
  @Share() answerTwice?: boolean | number;
  @Share() outOfOrder?: boolean | number;
  @Share() closeConnection?: boolean | number;
  @Share() shortByOne?: boolean | number;
}

export class PlanFaults {
  @ValidateBy({ name: 'isSeed', validator: { validate: isSeed, defaultMessage: () => 'a number or a word' } })
  seed: number | string;

  @IsNumber()
  @Min(0)
  @Max(1)
  rate: number;

  /** Only these kinds; all of them where it is absent. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => FaultShares)
  kinds?: FaultShares;
}

/** The rate of each kind. Paying one đồng less is ten times rarer than the others unless given its own rate. */
export function ratesOf({ rate, kinds }: PlanFaults): FaultRates {
  const rates: FaultRates = {};
  for (const kind of faultKinds) {
    const share = kinds ? (kinds[kind] ?? false) : true;
    const general = kind === 'shortByOne' ? rate / 10 : rate;
    rates[kind] = typeof share === 'number' ? share : share ? general : 0;
  }
  return rates;
}
