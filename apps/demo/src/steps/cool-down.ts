import { getRefused } from './refused.ts';
import { type Act, check, type Step } from './step.ts';

const skipped = 'it takes a wrong password';

const sameAgain: Act = async (vendor) => {
  if (vendor.sandbox === undefined) return { skipped };
  const error = await getRefused(vendor.sandbox.mistyped.provider, 'COOLING_DOWN');
  const { code, reason, retryAfter = 0 } = error;
  check(reason === 'INVALID_CREDENTIALS' && retryAfter > 0, 'the error does not say what was refused, or until when');
  return { did: `the wrong one: ${code}, ${Math.ceil(retryAfter / 1_000)} s`, logins: 0 };
};

const corrected: Act = async (vendor) => {
  if (vendor.sandbox === undefined) return { skipped };
  const { provider, correct } = vendor.sandbox.mistyped;
  correct();
  const name = await vendor.askName(provider);
  return { did: `the right one: "${name}"`, logins: 1 };
};

export const coolDown: Step = {
  id: 'cool-down',
  title: 'The wrong password again, then the right one',
  lesson:
    'What was refused is not sent again for a while: that locks accounts. Another password, which a function may bring, is tried at once.',
  acts: [sameAgain, corrected],
};
