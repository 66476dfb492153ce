import { openReport } from './check/report.ts';
import { runSteps } from './check/run-steps.ts';
import { words } from './check/words.ts';
import type { CommandContext, ExitStatus } from './command.ts';
import { say } from './language.ts';

/** `check`: one login, step by step; what fails is explained. */
export async function runCheck(context: CommandContext): Promise<ExitStatus> {
  const report = openReport(context);
  for await (const step of runSteps(context, () => agrees(context))) report.add(step);
  return report.end();
}

/** Whether a login is to be tried although the account is pausing. Without a person to ask it is not. */
async function agrees({ flags, ask, json, language }: CommandContext): Promise<boolean> {
  if (flags['yes'] === true) return true;
  if (ask === undefined || json) return false;
  return /^\s*(?:y|yes|o|oui|네|예|はい)\s*$/i.test(await ask(say(words.question, language)));
}
