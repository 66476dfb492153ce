export const help = `Shows what the packages do with the logins of two vendors: the first call, the
cached second one, a revoked token, a thousand callers at once, a wrong password,
the cooldown after it, and a refresh ahead of the token's end.

Usage: pnpm demo [--json] [--help]

  --json   one JSON document at the end, for programs:
             ok       whether everything was as expected
             failed, skipped   the number of results with that outcome
             vendors  [{ label, url, sandbox, logins }]
             steps    [{ id, title, ok, results: [{ vendor, outcome, did, notes,
                      logins, duration (ms), code? }] }]; outcome is "ok",
                      "failed" or "skipped"
             error    instead of all but ok, if the demo cannot start
  --help   this text

Exit status: 0 everything was as expected, 1 something was not, 2 the command
line is wrong.

Environment:
  Each vendor is a sandbox on this machine, unless its credentials are set:
    ESIGNON_COMPANY_ID ESIGNON_EMAIL ESIGNON_PASSWORD [ESIGNON_BASE_URL]
    DATACOMSYS_BASE_URL DATACOMSYS_CODE_PORT DATACOMSYS_ID_ERP DATACOMSYS_PASSWORD
  Then the real vendor gets a few logins and calls that change nothing, and what
  only a sandbox can show is skipped. A wrong password is never tried on it.
  NO_COLOR and FORCE_COLOR apply.
`;
