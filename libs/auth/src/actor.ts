import type { Permission } from './permissions.js';

/** Who asks: taken from a verified token, never from the request's own words. */
export interface Actor {
  /** `sub` of the token: the stable identity that audit rows and approvals name. */
  id: string;
  name: string;
  /** Place code of the office the caller works for; what it may see hangs on it. */
  office: string;
  permissions: ReadonlySet<Permission>;
  /** Client that the token was given to (`client_id`, RFC 9068 §2.2). */
  client?: string;
  /** The client that acts in the name of this official, who is then known by its word alone. */
  service?: string;
}
