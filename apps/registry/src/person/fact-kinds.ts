/**
 * Facts about a person that decide money, and the values that the law gives them: levels and types of disability by the Law
 * on Persons with Disabilities 51/2010, article 3.
 */
export const factKinds = {
  disabilityLevel: ['exceptionallySevere', 'severe', 'mild'],
  disabilityType: ['motor', 'hearingSpeech', 'vision', 'mental', 'intellectual', 'other'],
} as const satisfies Record<string, readonly string[]>;
