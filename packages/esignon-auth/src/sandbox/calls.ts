import type { ReceivedRequest, Reply } from '@x/auth-core/testing';
import * as v from 'valibot';

import type { EsignonSandboxAccount } from './account.ts';
import { languageOf, resultMessage } from './result-messages.ts';

/** A signing workflow that was started. */
export interface StartedWorkflow {
  /** Given by the sandbox: how many there are, this one included. */
  readonly workflow_id: number;
  /** As the request named it. */
  readonly workflow_name: string;
}

/** The vendor's state behind the protected calls. */
export interface CallDesk {
  readonly owner: (token: string) => EsignonSandboxAccount | undefined;
  readonly workflows: StartedWorkflow[];
}

const WorkflowBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    workflow_name: v.string(),
    template_id: v.union([v.string(), v.number()]),
    language: v.optional(v.string()),
    recipient_list: v.array(v.object({ order: v.number(), email: v.string(), name: v.string() })),
    field_list: v.optional(v.array(v.object({ name: v.string(), value: v.unknown() }))),
  }),
);

/** Answers a protected call ([V], and [A] where the `v3` calls are concerned). */
export function answerCall(request: ReceivedRequest, desk: CallDesk): Reply {
  const { method, url } = request;
  if (method === 'GET' && url.pathname.endsWith('/api/v2/company')) return answerCompany(request, desk);
  if (method === 'POST' && url.pathname.endsWith('/api/v3/workflows/start')) return startWorkflow(request, desk);
  return { status: 404, json: { message: 'Not Found' } };
}

function answerCompany(request: ReceivedRequest, { owner, workflows }: CallDesk): Reply {
  const account = callerOf(request, owner);
  if (account === undefined) return callResult(request, '94');
  return callResult(request, '00', {
    name: account.companyId,
    country_code: 'KR',
    workflow_capacity: 1000,
    workflow_usage: workflows.length,
    expiry_date: '2099-12-22',
    grade_code: 'STANDARD',
    create_date: '2020-01-31 04:23:28.0',
  });
}

function startWorkflow(request: ReceivedRequest, { owner, workflows }: CallDesk): Reply {
  if (callerOf(request, owner) === undefined) return { status: 401, json: { message: resultMessage('94', languageOf(request.url)) } };
  const parsed = v.safeParse(WorkflowBody, request.body);
  if (!parsed.success) return { status: 400, json: { message: 'Bad Request' } };
  const workflow: StartedWorkflow = {
    workflow_id: workflows.length + 1,
    workflow_name: parsed.output.workflow_name,
  };
  workflows.push(workflow);
  return { status: 200, json: workflow };
}

/** Exactly one space stands between the scheme and the token: the vendor is strict about it. */
function callerOf({ headers }: ReceivedRequest, owner: CallDesk['owner']): EsignonSandboxAccount | undefined {
  const token = /^esignon (\S+)$/.exec(headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : owner(token);
}

/** The envelope of the calls that have one. The `result_msg` of a success is documented nowhere: here it is empty. */
export function callResult({ url }: ReceivedRequest, code: string, body: object = {}, message?: string): Reply {
  const result_msg = message ?? (code === '00' ? '' : resultMessage(code, languageOf(url)));
  return { status: 200, json: { header: { result_code: code, result_msg }, body } };
}
