import { execFile, spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** What a caller is to do: a safe call and one that is not, in turn, until so many of each are made and so many seconds are over. */
export interface Job {
  readonly url: string;
  readonly key: string;
  /** Tells its workflows from those of other callers. */
  readonly name: string;
  readonly calls: number;
  readonly seconds: number;
}

/** The bodies that came, with the status in front where it was not 200. */
export interface Outcome {
  readonly safe: string[];
  /** By the name of the workflow that was to be started. */
  readonly unsafe: Record<string, string>;
}

const run = promisify(execFile);

/** Calls by curl, a process for each. */
export async function callByCurl({ url, key, name, calls, seconds }: Job): Promise<Outcome> {
  const outcome: Outcome = { safe: [], unsafe: {} };
  const curl = async (path: string, ...more: string[]): Promise<string> => {
    const shared = ['-sS', '--fail-with-body', '--noproxy', '*', '-H', `Authorization: Bearer ${key}`];
    const { stdout } = await run('curl', [...shared, ...more, url + path]).catch((error: { code: number; stdout: string }) => ({
      stdout: `curl ${error.code} ${error.stdout}`,
    }));
    return stdout;
  };
  const end = performance.now() + seconds * 1000;
  while (outcome.safe.length < calls || performance.now() < end) {
    const workflow = `${name}-${outcome.safe.length}`;
    outcome.safe.push(await curl('/api/v2/company'));
    const body = JSON.stringify({ workflow_name: workflow, template_id: 1, recipient_list: [] });
    outcome.unsafe[workflow] = await curl('/api/v3/workflows/start', '-H', 'content-type: application/json', '--data', body);
  }
  return outcome;
}

const script = `
import json, os, time, urllib.request, urllib.error
job = json.loads(os.environ['JOB'])
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
def call(path, body=None):
    request = urllib.request.Request(job['url'] + path, data=body and json.dumps(body).encode())
    request.add_header('Authorization', 'Bearer ' + job['key'])
    request.add_header('Content-Type', 'application/json')
    try:
        with opener.open(request) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        return str(error.code) + ' ' + error.read().decode()
safe, unsafe, end = [], {}, time.monotonic() + job['seconds']
while len(safe) < job['calls'] or time.monotonic() < end:
    name = job['name'] + '-' + str(len(safe))
    safe.append(call('/api/v2/company'))
    unsafe[name] = call('/api/v3/workflows/start', {'workflow_name': name, 'template_id': 1, 'recipient_list': []})
print(json.dumps({'safe': safe, 'unsafe': unsafe}))
`;

/** Calls by Python's standard library, in a process. */
export async function callByPython(job: Job): Promise<Outcome> {
  const child = spawn('python3', ['-c', script], {
    env: { ...process.env, JOB: JSON.stringify(job) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // What the script above prints.
  return (await json(child.stdout)) as Outcome;
}
