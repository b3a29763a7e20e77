export { ProblemError, tryAgainIn } from './problem.js';
export type { FieldError, ProblemBody, ProblemDefinition } from './problem.js';
export { problems } from './common-problems.js';
export { IdPipe } from './id.pipe.js';
export { IsAfter } from './is-after.js';
export { IsNotBlank } from './is-not-blank.js';
export { IsDay } from './is-day.js';
export { ProblemFilter, toProblem } from './problem.filter.js';
export { ProblemValidationPipe, sentences as constraintSentences } from './validation.js';
