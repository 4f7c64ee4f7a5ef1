import { type Config, describeConfig } from '../config.ts';
import { hasDatabase } from '../database/embedded/dataDirectory.ts';
import { messageOf } from '../kernel/errors.ts';
import { say } from './output.ts';

/** Shows the effective configuration and, of the database that it names, the migrations. Writes nothing. */
export async function showConfig(config: Config): Promise<number> {
  say([...describeConfig(config), ...(await describeMigrations(config))].join('\n'));
  return 0;
}

/** A database that cannot be reached is no fault of the configuration that is asked for. */
async function describeMigrations(config: Config): Promise<string[]> {
  if (config.MONGODB_URI === undefined && !(await hasDatabase(config.DATA_DIR))) {
    return ['migrations: none needed, DATA_DIR holds no database yet'];
  }
  try {
    return (await readStates(config)).map((line) => `migration ${line}`);
  } catch (error) {
    return [`migrations: not known, ${messageOf(error)}`];
  }
}

async function readStates({ MONGODB_URI: mongodbUri, DATA_DIR: dataDir }: Config): Promise<string[]> {
  // Loaded here, so that the configuration is shown without an engine where there is no database.
  const { connectDatabase } = await import('../database/connect.ts');
  const { MIGRATIONS } = await import('../database/migrations/migrations.ts');
  const { describeState, readMigrations } = await import('../database/migrations/status.ts');
  const database = await connectDatabase({ mongodbUri, dataDir, allowShared: true, patient: true });
  try {
    const { isEmpty, states } = await readMigrations(database.connection, MIGRATIONS);
    return states.map((state) => describeState(state, isEmpty));
  } finally {
    await database.close();
  }
}
