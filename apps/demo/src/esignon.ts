import { createAuthFetch, createEsignonTokenProvider } from '@x/esignon-auth';
import type { EsignonOptions } from '@x/esignon-auth';

export function connectEsignon(account: EsignonOptions) {
  const provider = createEsignonTokenProvider(account);
  const esignonFetch = createAuthFetch(provider);

  async function askName(): Promise<string> {
    const response = await esignonFetch('/api/v2/company');
    // As the vendor documents it.
    const company = (await response.json()) as { body: { name: string } };
    return company.body.name;
  }
  return { provider, askName };
}
