import { authInterceptor, createDatacomsysTokenProvider } from '@x/datacomsys-auth';
import type { DatacomsysOptions } from '@x/datacomsys-auth';
import { getGlobalDispatcher, request } from 'undici';

export function connectDatacomsys(account: DatacomsysOptions) {
  const provider = createDatacomsysTokenProvider(account);
  const dispatcher = getGlobalDispatcher().compose(authInterceptor(provider));

  async function askName(): Promise<string> {
    const { body } = await request(`${provider.baseUrl}/account`, { dispatcher });
    // As the vendor documents it.
    const port = (await body.json()) as { data: { portName: string } };
    return port.data.portName;
  }
  return { provider, askName };
}
