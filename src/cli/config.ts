import { type Config, describeConfig } from '../config.ts';

export async function showConfig(config: Config): Promise<number> {
  process.stdout.write(`${describeConfig(config).join('\n')}\n`);
  return 0;
}
