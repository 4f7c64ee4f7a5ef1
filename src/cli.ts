#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';

import { runProgram } from './cli/program.ts';

const code = await runProgram(process.argv.slice(2), () => {
  if (existsSync('.env')) loadEnvFile('.env');
  return process.env;
});
// A command that goes on, as the service does, has no code yet.
if (code !== undefined) process.exit(code);
