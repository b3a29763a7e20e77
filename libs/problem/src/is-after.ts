import { registerDecorator, type ValidationArguments } from 'class-validator';

/** A day (`2022-03-31`) that is later than that of another field; passes where either is absent. */
export function IsAfter(field: string): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isAfter',
      target: target.constructor,
      propertyName: property as string,
      validator: {
        validate: (day: unknown, { object }: ValidationArguments) => {
          const first = (object as Record<string, unknown>)[field];
          return typeof day !== 'string' || typeof first !== 'string' || day > first;
        },
      },
    });
}
