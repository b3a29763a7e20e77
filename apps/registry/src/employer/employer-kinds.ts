/** By its registration. */
export const employerKinds = [
  'enterprise',
  'cooperative',
  'businessHousehold',
  'publicUnit',
  'association',
] as const;
