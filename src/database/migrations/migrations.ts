import { renameStoredFields } from './0001-rename-stored-fields.ts';
import type { Migration } from './migration.ts';

/** Every migration there ever was, in the order in which they run. New ones go to the end. */
export const MIGRATIONS: readonly Migration[] = [renameStoredFields];
