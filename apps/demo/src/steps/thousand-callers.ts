import { check, type Step } from './step.ts';

export const thousandCallers: Step = {
  id: 'thousand-callers',
  title: 'A thousand callers at once, and no token yet',
  lesson: 'They share one login, however many they are.',
  acts: [
    async (vendor) => {
      const cold = vendor.createProvider();
      const tokens = await Promise.all(Array.from({ length: 1_000 }, () => cold.getToken()));
      const [first] = tokens;
      check(
        tokens.every((token) => token === first),
        'the callers did not all get the same token',
      );
      return { did: '1,000 callers got the same token', logins: 1 };
    },
  ],
};
