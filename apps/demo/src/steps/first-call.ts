import type { Step } from './step.ts';

export const firstCall: Step = {
  id: 'first-call',
  title: 'The first call',
  lesson:
    'You make the call; the provider logs in first and sends the token along. eSignon is called with fetch here, DataComSys with undici.',
  acts: [
    async (vendor) => {
      const name = await vendor.askName(vendor.provider);
      return { did: `${vendor.call}: "${name}"`, logins: 1 };
    },
  ],
};
