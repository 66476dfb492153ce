import type { Machine } from './machine.ts';
import { formatResult } from './markdown.ts';
import type { Result } from './table.ts';

/** A whole run, as it stands in results.json. */
export interface Run {
  /** The day, as in 2026-11-25. */
  readonly date: string;
  readonly machine: Machine;
  /** Packages and their versions. */
  readonly versions: Readonly<Record<string, string>>;
  readonly results: readonly Result[];
}

const head = `# Bench

These packages side by side with the libraries that a user would take instead, and with what an integrator writes by hand.

\`\`\`sh
npx -y pnpm@12 bench              # everything: about ten minutes on an idle machine; writes this page, results.json and chart.svg
npx -y pnpm@12 bench warm storm   # some scenarios: prints their tables
npx -y pnpm@12 bench --quick      # a short run that shows that all of them work; its figures are worth little
\`\`\`

The first run installs the libraries in this folder: it is a workspace of its own, and nobody else pays for them. \`redis-server\` has to be on the PATH.

![Bars for each library: reading a token, a request, requests that fail in a storm and with several processes](chart.svg)
`;

const reading = `## How to read it

- The first row of a table in which libraries are compared is the **limit**: the least that the task takes. A figure below it is noise, or of requests that failed. The rows of these packages are bold.
- A figure with parentheses is the median, and in them is where the middle half of the samples lies. Any other was counted or measured once, or both ends are the same when rounded, unless the text below its table says otherwise.
- A ratio is taken round by round, so it need not be the ratio of the medians.
- Where there are rounds, contenders take turns in each. What slows the machine down for some rounds slows all of them down.
- Times of CPU are those of the client's process, unless a column says otherwise. Vendors, Redis and other processes do not count.
- Ratios of one run can be compared. Figures of two runs, or of two machines, cannot.
- Most of the libraries are made for OAuth, and these vendors have logins of their own. Who can be given any login is given one; \`undici-oidc-interceptor\` and \`simple-oauth2\` get a
  token endpoint. Each is set up as its documentation says, and a row without figures says why.
`;

function describeRun({ date, machine, versions }: Run): string {
  const { cpu, processors, system, node, load } = machine;
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const busy = load < 1 ? 'idle when it began' : `busy when it began: a load of ${load}`;
  return `## The last run\n\n${date}, ${cpu}, ${processors} processors (${busy}), ${system}, Node ${node}. With ${list.join(', ')}.\n`;
}

/** README.md of this folder. */
export function formatPage(run: Run): string {
  return [head, reading, describeRun(run), ...run.results.map((result) => formatResult(result))].join('\n');
}
