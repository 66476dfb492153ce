/** A user of a company that the sandbox knows. */
export interface EsignonSandboxAccount {
  /** The segment of the login's path. */
  readonly companyId: string;
  /** The user's e-mail address. */
  readonly email: string;
  /** May be changed while the sandbox runs. */
  password: string;
  /** False = the company may not call the API: its logins end with result `95`. Default: true. */
  allowed?: boolean;
}

/** The account that a sandbox has where none is given. */
export function defaultAccount(): EsignonSandboxAccount {
  return { companyId: 'sandbox', email: 'api@esignon.example', password: 'sandbox-password' };
}

/** Finds an account by company and e-mail; as quick with ten thousand of them as with one. */
export function indexAccounts(
  accounts: readonly EsignonSandboxAccount[],
): (companyId: string, email: string) => EsignonSandboxAccount | undefined {
  const key = (companyId: string, email: string): string => JSON.stringify([companyId, email]);
  const index = new Map(accounts.map((account) => [key(account.companyId, account.email), account]));
  return (companyId, email) => index.get(key(companyId, email));
}
