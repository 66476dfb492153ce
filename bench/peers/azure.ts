import type { TokenCredential } from '@azure/core-auth';
import {
  bearerTokenAuthenticationPolicy,
  createHttpHeaders,
  createPipelineRequest,
  type PipelinePolicy,
  type PipelineRequest,
  type PipelineResponse,
  type SendRequest,
} from '@azure/core-rest-pipeline';

import * as names from './names.ts';
import type { Peer, Vendor } from './peer.ts';

/** The policy with any login as its credential. */
function azurePolicy({ login }: Pick<Vendor, 'login'>): PipelinePolicy {
  const credential: TokenCredential = {
    async getToken() {
      const { value, expiresAt } = await login();
      return { token: value, expiresOnTimestamp: expiresAt };
    },
  };
  return bearerTokenAuthenticationPolicy({ credential, scopes: 'bench' });
}

/** The policy in front of a request of somebody else's. */
export function aroundRequest(
  vendor: Pick<Vendor, 'login'>,
  url: string,
  headers: Record<string, string>,
  send: (headers: Record<string, string>) => Promise<void>,
): () => Promise<unknown> {
  const policy = azurePolicy(vendor);
  const next: SendRequest = async (request) => {
    await send(request.headers.toJSON());
    return { request, status: 200, headers: createHttpHeaders() };
  };
  return () => policy.sendRequest(createPipelineRequest({ url, headers: createHttpHeaders(headers) }), next);
}

/** The policy sends tokens to https alone: there is no certificate on loopback, so the scheme is put back behind the policy. */
async function overHttp(request: PipelineRequest): Promise<PipelineResponse> {
  const url = request.url.replace(/^https:/, 'http:');
  const response = await fetch(url, { headers: { authorization: request.headers.get('authorization') ?? '' } });
  await response.arrayBuffer();
  return { request, status: response.status, headers: createHttpHeaders(Object.fromEntries(response.headers)) };
}

export const azure: Peer = {
  name: names.azure,
  open(vendor) {
    const policy = azurePolicy(vendor);
    const request = createPipelineRequest({ url: 'https://vendor.example/' });
    const nothing: PipelineResponse = { request, status: 200, headers: createHttpHeaders() };
    const answered = Promise.resolve(nothing);
    const nowhere: SendRequest = () => answered;
    return {
      // It hands no token out: what is measured is the policy around a request that is answered at once.
      getToken: () => policy.sendRequest(request, nowhere),
      async call(url) {
        const pipelineRequest = createPipelineRequest({ url: url.replace(/^http:/, 'https:') });
        return (await policy.sendRequest(pipelineRequest, overHttp)).status;
      },
    };
  },
};
