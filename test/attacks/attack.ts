/** Where an attack finds the service; it is always on loopback. `secret` and `apiKey` are for those that come from inside. */
export type Target = { host: string; port: number; secret: string; apiKey: string };

/**
 * An attack: bounded in time and number, and against a service that was started for it. `run` ends when it has done what
 * it does, and answers in a few words what it came to. `environment` is what the service is started with beside the
 * usual.
 */
export type Attack = {
  name: string;
  /** What it does, in a few words. */
  about: string;
  environment?: Record<string, string>;
  run(target: Target): Promise<string>;
};
