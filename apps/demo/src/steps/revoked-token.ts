import { check, type Step } from './step.ts';

export const revokedToken: Step = {
  id: 'revoked-token',
  title: 'The vendor revokes the token',
  lesson: 'The refusal is noticed, the token renewed once, the call made again.',
  acts: [
    async (vendor) => {
      if (vendor.sandbox === undefined) return { skipped: 'a real token is not revoked for a show' };
      const { requests, revoke } = vendor.sandbox;
      const seen = requests.length;
      revoke();
      const name = await vendor.askName(vendor.provider);
      const wire = requests.slice(seen).map(({ method, path }) => `${method} ${path}`);
      const [refused, login, repeated] = wire;
      check(wire.length === 3 && refused === vendor.call && repeated === vendor.call, `unexpected requests: ${wire.join(', ')}`);
      const notes = [`1. ${refused}: refused`, `2. ${login}: a new token`, `3. ${repeated}: answered`];
      return { did: `the caller got "${name}"`, notes, logins: 1 };
    },
  ],
};
