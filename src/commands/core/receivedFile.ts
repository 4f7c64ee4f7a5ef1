/** A file that came with a command, or why it did not come. */
export type ReceivedFile = { bytes: Uint8Array } | { fault: 'too-large' | 'unavailable' };

/** As many as the API takes of a result. */
export const MOST_FILE_BYTES = 16 * 1_048_576;
