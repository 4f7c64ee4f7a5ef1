/** What stops a start for a reason outside the program. Each message is one line for the person who starts it. */

/** The embedded engine cannot run on this machine. */
export class EngineUnsupported extends Error {
  override readonly name = 'EngineUnsupported';

  constructor(reason: string, options?: ErrorOptions) {
    super(`the embedded database cannot run here: ${reason}. Set MONGODB_URI to a MongoDB server instead`, options);
  }
}

/** The data directory cannot be created, read or written. */
export class DataDirectoryUnusable extends Error {
  override readonly name = 'DataDirectoryUnusable';
}

/** Another process has the data directory open. */
export class DataDirectoryInUse extends Error {
  override readonly name = 'DataDirectoryInUse';
}

/** There is no database where one was to be read. */
export class NoDatabase extends Error {
  override readonly name = 'NoDatabase';
}

/** The server of MONGODB_URI does not answer, or refuses us. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

/** Our clock and the database's are a minute apart or more, and what was asked for decides by ours. */
export class ClocksDisagree extends Error {
  override readonly name = 'ClocksDisagree';

  constructor(offsetMs: number) {
    super(
      `the database's clock is ${Math.round(Math.abs(offsetMs) / 1_000)} s ${offsetMs > 0 ? 'ahead of' : 'behind'} this ` +
        "machine's: nothing was decided. Set the clocks, and try again",
    );
  }
}

/** An index that the service relies on could not be built. */
export class IndexBuildFailed extends Error {
  override readonly name = 'IndexBuildFailed';
}

/** A newer version of the service has changed the form of what is stored, in ways that this one does not know. */
export class DatabaseNewer extends Error {
  override readonly name = 'DatabaseNewer';

  constructor(migrations: readonly string[]) {
    super(
      `this database belongs to a newer version of settlebot, which has migrated it: ${migrations.join(', ')}. Run that ` +
        'version, or restore a backup from before; nothing was written',
    );
  }
}

/** The database has the form of an older version, and who asks may not change that. */
export class MigrationsPending extends Error {
  override readonly name = 'MigrationsPending';

  constructor(migrations: readonly string[]) {
    super(
      `this database has the form of an older version of settlebot; still to be migrated: ${migrations.join(', ')}. ` +
        'Starting the service with this version does that (settlebot serve); nothing was written',
    );
  }
}

/** A backup could not be made. */
export class BackupFailed extends Error {
  override readonly name = 'BackupFailed';
}

/** What was to be restored is no backup, or not a whole one, or there is no place for it. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable';
}
