import { mongo } from 'mongoose';

/**
 * MongoDB's wire protocol as far as a stand-in between driver and engine needs it: frames, OP_MSG, and the OP_QUERY that opens a
 * connection. The body of a command is decoded, with its number types kept; documents in sequences and replies go through as bytes.
 */

const { BSON } = mongo;
const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const MORE_TO_COME = 2;
const EXHAUST_ALLOWED = 1 << 16;
const LARGEST = 64 * 1024 * 1024;
const KEEP_TYPES = { promoteLongs: false, promoteValues: false, promoteBuffers: false, bsonRegExp: true } as const;

export type Body = Record<string, unknown>;

export type Request = {
  id: number;
  body: Body;
  /** Sections of documents (`documents`, `updates`, `deletes`), as they came. */
  sequences: Buffer[];
  /** It came as OP_QUERY, and is answered as that. */
  isLegacy: boolean;
  /** Whoever asks takes one answer after the other, without asking again. */
  takesStream: boolean;
};

/** Cuts a stream of bytes into whole messages. */
export function createFrames(): (chunk: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const messages: Buffer[] = [];
    while (rest.length >= 4) {
      const length = rest.readInt32LE(0);
      if (length < 16 || length > LARGEST) throw new Error(`a message of ${length} bytes`);
      if (rest.length < length) break;
      messages.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return messages;
  };
}

export function readRequest(message: Buffer): Request {
  const id = message.readInt32LE(4);
  const code = message.readInt32LE(12);
  if (code === OP_QUERY) {
    const at = message.indexOf(0, 20) + 1 + 8;
    return { id, body: decode(message.subarray(at)), sequences: [], isLegacy: true, takesStream: false };
  }
  if (code !== OP_MSG) throw new Error(`a message of kind ${code}`);
  const { body, sequences } = sectionsOf(message);
  const takesStream = (message.readUInt32LE(16) & EXHAUST_ALLOWED) !== 0;
  return { id, body: decode(body), sequences, isLegacy: false, takesStream };
}

export function writeRequest(body: Body, sequences: Buffer[]): Buffer {
  return message(OP_MSG, 0, [Buffer.alloc(5), Buffer.from(BSON.serialize(body)), ...sequences]);
}

/** `streams`: more answers to the same request follow. Answers with the id of the answer, which the next one of a stream is to. */
export function writeReply(
  body: Buffer,
  { id, isLegacy }: Pick<Request, 'id' | 'isLegacy'>,
  streams = false,
): { bytes: Buffer; id: number } {
  const head = Buffer.alloc(isLegacy ? 20 : 5);
  if (isLegacy) head.writeInt32LE(1, 16);
  else head.writeUInt32LE(streams ? MORE_TO_COME : 0, 0);
  const bytes = message(isLegacy ? OP_REPLY : OP_MSG, id, [head, body]);
  return { bytes, id: bytes.readInt32LE(4) };
}

/** The body of an answer of the engine, as it came. */
export function replyBody(answer: Buffer): Buffer {
  return sectionsOf(answer).body;
}

export function encode(body: Body): Buffer {
  return Buffer.from(BSON.serialize(body));
}

/** As `Int32`, `Long` and so on, so that what is encoded again is what it was. */
export function decode(bytes: Buffer): Body {
  return BSON.deserialize(bytes.subarray(0, bytes.readInt32LE(0)), KEEP_TYPES);
}

/** Of a command with its sequences, in plain values: to be looked at, not to be sent on. */
export function plain({ body, sequences }: Pick<Request, 'body' | 'sequences'>): Body {
  const whole: Body = BSON.deserialize(BSON.serialize(body));
  for (const section of sequences) {
    const nameEnd = section.indexOf(0, 5);
    const documents: Body[] = [];
    for (let at = nameEnd + 1; at < section.length; at += section.readInt32LE(at)) {
      documents.push(BSON.deserialize(section.subarray(at, at + section.readInt32LE(at))));
    }
    whole[section.toString('utf8', 5, nameEnd)] = documents;
  }
  return whole;
}

function sectionsOf(bytes: Buffer): { body: Buffer; sequences: Buffer[] } {
  let body: Buffer | undefined;
  const sequences: Buffer[] = [];
  const end = bytes.length - (bytes.readUInt32LE(16) & 1 ? 4 : 0);
  for (let at = 20; at < end; ) {
    const size = bytes.readInt32LE(at + 1);
    if (bytes[at] === 0) body = bytes.subarray(at + 1, at + 1 + size);
    else sequences.push(bytes.subarray(at, at + 1 + size));
    at += 1 + size;
  }
  if (body === undefined) throw new Error('a message without a body');
  return { body, sequences };
}

let lastId = 0;

function message(code: number, responseTo: number, parts: Buffer[]): Buffer {
  const head = Buffer.alloc(16);
  lastId += 1;
  head.writeInt32LE(16 + parts.reduce((size, part) => size + part.length, 0), 0);
  head.writeInt32LE(lastId, 4);
  head.writeInt32LE(responseTo, 8);
  head.writeInt32LE(code, 12);
  return Buffer.concat([head, ...parts]);
}
