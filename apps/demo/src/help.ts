export const help: string = `Shows what the packages do with two vendors' logins: the first call, the cached
second one, a revoked token, a thousand callers at once, a wrong password, the
cool-down after it, and a refresh ahead of the token's end.

Usage: pnpm demo [--json] [--help]

  --json   one JSON document at the end, for machines:
             ok       whether everything went as it should
             failed, skipped   how many results of that kind there were
             vendors  [{ label, url, sandbox, logins }]
             steps    [{ id, title, ok, results: [{ vendor, outcome, did, notes,
                      logins, duration (ms), code? }] }]; outcome is "ok",
                      "failed" or "skipped"
             error    instead of all but ok, where the demo could not start
  --help   this text

Exit status: 0 everything went as it should, 1 something did not, 2 the command
line was not understood.

Environment:
  Each vendor is a sandbox on this machine, unless its credentials are set:
    ESIGNON_COMPANY_ID ESIGNON_EMAIL ESIGNON_PASSWORD [ESIGNON_BASE_URL]
    DATACOMSYS_BASE_URL DATACOMSYS_CODE_PORT DATACOMSYS_ID_ERP DATACOMSYS_PASSWORD
  Then the real vendor gets a few logins and calls that change nothing, and what
  only a sandbox can show is skipped. A wrong password is never tried on it.
  NO_COLOR and FORCE_COLOR are heeded.
`;
