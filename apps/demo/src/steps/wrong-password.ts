import { getRefused } from './refused.ts';
import { check, type Step } from './step.ts';

export const wrongPassword: Step = {
  id: 'wrong-password',
  title: 'A wrong password',
  lesson: 'A code to switch on, what to do about it, and what the vendor said.',
  acts: [
    async (vendor) => {
      if (vendor.sandbox === undefined) return { skipped: 'a wrong password is never tried on a real vendor' };
      const error = await getRefused(vendor.sandbox.mistyped.provider, 'INVALID_CREDENTIALS');
      const { code, vendorCode, vendorMessage, message } = error;
      check(vendorCode !== undefined && vendorMessage !== undefined, "the error lacks the vendor's own code or words");
      check(message.includes(vendorMessage), "the error's message lacks the vendor's own words");
      return { did: `${code}, vendor's code ${vendorCode}`, notes: [message], logins: 1 };
    },
  ],
};
