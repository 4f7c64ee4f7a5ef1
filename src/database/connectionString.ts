import mongoose from 'mongoose';

/** Whether the driver takes this as a connection string, and the name of its database can be read. */
export function isConnectionString(uri: string): boolean {
  try {
    // Parses and connects to nothing.
    new mongoose.mongo.MongoClient(uri);
    databaseOf(uri);
    return true;
  } catch {
    return false;
  }
}

/** The name of the database that a connection string asks for, if it does. */
export function databaseOf(uri: string): string | undefined {
  const name = /^mongodb(?:\+srv)?:\/\/[^/]*\/([^?]+)/.exec(uri)?.[1];
  return name === undefined ? undefined : decodeURIComponent(name);
}
