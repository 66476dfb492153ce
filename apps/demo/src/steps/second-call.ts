import { check, type Step } from './step.ts';

export const secondCall: Step = {
  id: 'second-call',
  title: 'The second call',
  lesson: 'The token is kept. No login, and no I/O to find it.',
  acts: [
    async (vendor) => {
      const kept = vendor.provider.peekToken();
      const name = await vendor.askName(vendor.provider);
      check(kept !== undefined && vendor.provider.peekToken() === kept, 'the second call did not use the token of the first');
      return { did: `${vendor.call}: "${name}"`, logins: 0 };
    },
  ],
};
