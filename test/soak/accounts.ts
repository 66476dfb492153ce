import type { DatacomsysSandboxAccount } from '@x/datacomsys-auth/sandbox';
import type { EsignonSandboxAccount } from '@x/esignon-auth/sandbox';

/** Passwords that are spelt differently in JSON, in HTML, in a URL and in a form. */
export const esignonAccount: EsignonSandboxAccount = {
  companyId: 'soak',
  email: 'api@esignon.example',
  password: 'p"ä<ss> &+\\/%word-of-esignon',
};
export const datacomsysAccount: DatacomsysSandboxAccount = { codePort: 'MTP', idERP: 15, password: "p'é<ss> &+\\/%word-of-datacomsys" };
