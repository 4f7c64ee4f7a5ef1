/** settlebot/client: events in, webhooks out and the API, typed, on Web APIs alone (docs/client.md). */
export type { AnswerOf, ApiOptions, InputOf, ItemOf, ListOperation, Operation } from './api.ts';
export type { Batch, BatchOptions } from './batch.ts';
export { type Client, type ClientOptions, createClient } from './client.ts';
export { type FieldError, RefusedError, UnavailableError, type VerificationCode, VerificationError } from './errors.ts';
export type { RetryOptions } from './retry.ts';
export type { EventAnswer } from './send.ts';
export type { EventResult } from './sendMany.ts';
export type { CallOptions, Fetch } from './transport.ts';
export * from './types.ts';
export { createVerifier, type VerifyOptions, type WebhookHeaders, type WebhookRequest } from './verify.ts';
