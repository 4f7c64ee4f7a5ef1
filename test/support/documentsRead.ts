import type { Connection, mongo } from 'mongoose';

/** How many documents of a collection the server read for what `work` asks for: none where an index has everything. */
export async function documentsRead(
  { db }: Pick<Connection, 'db'>,
  name: string,
  work: () => Promise<unknown>,
): Promise<number> {
  if (db === undefined) throw new Error('the connection is closed');
  await db.command({ profile: 2 });
  try {
    await work();
  } finally {
    await db.command({ profile: 0 });
  }
  const profile = db.collection('system.profile');
  const looks = await profile.find<mongo.Document>({ ns: `${db.databaseName}.${name}` }).toArray();
  await profile.drop();
  if (looks.length === 0) throw new Error(`nothing was asked of ${name}`);
  return looks.reduce((sum, { docsExamined = 0 }) => sum + docsExamined, 0);
}
