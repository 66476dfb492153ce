/** A port and an ERP that the sandbox knows. */
export interface DatacomsysSandboxAccount {
  /** Three characters. */
  readonly codePort: string;
  /** An integer. */
  readonly idERP: number;
  /** May be changed while the sandbox runs. */
  password: string;
  /** What `GET /account` calls the port. Default: `"Port "` and its code. */
  readonly portName?: string;
}

/** The account that a sandbox has where none is given. */
export function defaultAccount(): DatacomsysSandboxAccount {
  return {
    codePort: 'MTP',
    idERP: 15,
    password: 'sandbox-password',
    portName: 'Port de Montpellier',
  };
}

/** Finds an account by port and ERP; as quick with ten thousand of them as with one. */
export function indexAccounts(
  accounts: readonly DatacomsysSandboxAccount[],
): (codePort: string, idERP: number) => DatacomsysSandboxAccount | undefined {
  const key = (codePort: string, idERP: number): string => JSON.stringify([codePort, idERP]);
  const index = new Map(accounts.map((account) => [key(account.codePort, account.idERP), account]));
  return (codePort, idERP) => index.get(key(codePort, idERP));
}
