/** One vendor's API, as somebody calls it who writes the login by hand. */
export interface Api {
  readonly login: () => Promise<string>;
  readonly send: (token: string) => Promise<{ readonly ok: boolean; readonly rejected: boolean }>;
}

/** The usual lines: keep the token in a variable, log in where there is none, and once more where it was rejected. */
export function writtenByHand({ login, send }: Api): () => Promise<boolean> {
  let token: string | undefined;

  return async function call(isRepeat = false): Promise<boolean> {
    token ??= await login();
    const { ok, rejected } = await send(token);
    if (!rejected || isRepeat) return ok;
    token = undefined;
    return call(true);
  };
}
