export { registryCursorTable } from './registry-cursor-table.js';
export { CursorUnknown, RegistryFeed } from './registry-feed.js';
export { RegistryReader } from './registry-reader.js';
export { observeRegistryReading, RegistryReading, registryReading } from './registry-reading.js';
export type { EventTaker } from './registry-reader.js';
export { ToldEvent, ToldEventPage } from './told-event.dto.js';
export { toldEvents } from './told-events.js';
