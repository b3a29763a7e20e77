import { registerDecorator } from 'class-validator';

/** A text in which something is written: blanks alone are as empty as none. */
export function IsNotBlank(): PropertyDecorator {
  return (target, property) =>
    registerDecorator({
      name: 'isNotEmpty',
      target: target.constructor,
      propertyName: property as string,
      validator: { validate: (text: unknown) => typeof text === 'string' && /\S/.test(text) },
    });
}
