/** Every permission of the suite. A token may carry others; they are ignored. */
export const permissions = [
  'fund:read',
  'fund:write',
  'programme:write',
  'schedule:write',
  'batch:read',
  'batch:write',
  'batch:submit',
  'batch:approve',
  'batch:transmit',
  'statement:write',
  'exception:resolve',
  'payment:read',
  'payee:unmask',
  'key:rotate',
  'recovery:run',
  'audit:read',
  'verify:read',
  'sample:write',
  'registry:read',
  'registry:write',
  'dossier:read',
  'dossier:receive',
  'dossier:process',
  'dossier:decide',
] as const;

export type Permission = (typeof permissions)[number];
