#!/usr/bin/env node
import { runShell } from './run-shell.ts';
import { processSurroundings } from './process-surroundings.ts';

// Not process.exit(): what was written to a pipe is flushed first.
process.exitCode = await runShell(process.argv.slice(2), processSurroundings(process));
