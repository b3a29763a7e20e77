import { type FieldError, type ProblemDefinition, ProblemError } from '@ansinh/problem';

/** As many as somebody reads in one go. */
export const rowErrorsMax = 100;

/** What is wrong with the rows of an upload that is taken as a whole or not at all. */
export class RowErrors {
  private readonly errors: FieldError[] = [];

  constructor(private readonly refusal: ProblemDefinition) {}

  get isFull(): boolean {
    return this.errors.length >= rowErrorsMax;
  }

  add(line: number, column: string, code: string, detail: FieldError['detail']): void {
    if (!this.isFull) this.errors.push({ pointer: `/lines/${line}/${column}`, code, detail });
  }

  /** @throws ProblemError if there is any */
  refuseIfAny(): void {
    if (this.errors.length > 0) throw new ProblemError(this.refusal, { errors: this.errors });
  }
}
