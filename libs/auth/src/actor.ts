import type { Permission } from './permissions.js';

/** Who asks: taken from a verified token, never from the request's own words. */
export interface Actor {
  /** `sub` of the token: the stable identity that audit rows and approvals name. */
  id: string;
  name: string;
  /** Place code of the office the caller works for; what it may see hangs on it. */
  office: string;
  permissions: ReadonlySet<Permission>;
}
