export { registryCursorTable } from './registry-cursor-table.js';
export { CursorUnknown, RegistryFeed } from './registry-feed.js';
export { keysOf, RegistryFollower, type ToldPerson } from './registry-follower.js';
export { observeRegistryReading, RegistryReading, registryReading } from './registry-reading.js';
export { ToldEvent, ToldEventPage } from './told-event.dto.js';
export { toldEvents } from './told-events.js';
