export { ProblemError } from './problem.js';
export type { FieldError, ProblemBody, ProblemDefinition } from './problem.js';
export { problems } from './common-problems.js';
export { ProblemFilter, toProblem } from './problem.filter.js';
export { ProblemValidationPipe } from './validation.js';
