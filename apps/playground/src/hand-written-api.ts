import type { Api } from './hand-written.ts';
import type { StartedVendor } from './vendors.ts';

/** The vendor's two requests, for a login that is written by hand. */
export function createApi({ byHand, isAnswer }: StartedVendor, path: string, baseUrl: string, password: () => string): Api {
  return {
    async login() {
      const body = JSON.stringify(byHand.body(password()));
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(baseUrl + byHand.path, { method: 'POST', headers, body });
      return byHand.token(await response.json());
    },
    async send(token) {
      const response = await fetch(baseUrl + path, { headers: { authorization: byHand.authorization(token) } });
      const ok = isAnswer(await response.json());
      return { ok, rejected: !ok };
    },
  };
}
