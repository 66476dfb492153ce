import type { IssuedTokens, ReceivedRequest, Reply } from '@x/auth-core/testing';
import * as v from 'valibot';

/** A user of a company in the sandbox. */
export interface EsignonSandboxAccount {
  /** The company id, a segment of the login's path. */
  readonly companyId: string;
  /** The user's e-mail address. */
  readonly email: string;
  /** The user's password. It can be changed while the sandbox runs. */
  password: string;
  /** Whether the company may call the API; if false, its logins end with result `95`. Default: true. */
  allowed?: boolean;
}

/** A signing workflow that was started. */
export interface StartedWorkflow {
  /** The id, assigned in order from 1. */
  readonly workflow_id: number;
  /** The name from the request. */
  readonly workflow_name: string;
}

/** The state of the sandbox that its answers depend on. */
export interface EsignonState {
  readonly find: (companyId: string, email: string) => EsignonSandboxAccount | undefined;
  /** `body.expire_date` of a successful login; undefined leaves the field out. */
  readonly expireDate: () => unknown;
  readonly workflows: StartedWorkflow[];
}

type Tokens = IssuedTokens<EsignonSandboxAccount>;

const loginBody = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    header: v.object({ request_code: v.string() }),
    body: v.object({ memb_email: v.string(), memb_pwd: v.string() }),
  }),
);

/** The company id of a login; undefined if the request is not one. */
export function companyOf({ method, url }: ReceivedRequest): string | undefined {
  const segment = /^\/api\/([^/]+)\/login$/.exec(url.pathname)?.[1];
  if (method !== 'POST' || segment === undefined) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/**
 * Replies to a login, always with HTTP 200 [V]. Which documented result a faulty request gets is [A]: `12` if it is not `application/json` or lacks a
 * field, `99` for another `request_code`, `95` only if the password is right.
 */
export function answerLogin(request: ReceivedRequest, companyId: string, tokens: Tokens, { find, expireDate }: EsignonState): Reply {
  const isJson = request.headers['content-type']?.startsWith('application/json') === true;
  const parsed = v.safeParse(loginBody, request.body);
  if (!isJson || !parsed.success) return loginResult(request, '12');
  const { header, body } = parsed.output;
  if (header.request_code !== '1001Q') return loginResult(request, '99');
  const account = find(companyId, body.memb_email);
  if (account?.password !== body.memb_pwd) return loginResult(request, '10');
  if (account.allowed === false) return loginResult(request, '95');
  return loginResult(request, '00', {
    access_token: tokens.issue(account),
    comp_id: account.companyId,
    device_id: 'SANDBOX',
    expire_date: expireDate(),
    memb_email: account.email,
  });
}

/** The envelope of a login. The `body` of a failure is not documented: here it is empty. */
export function loginResult({ url }: ReceivedRequest, code: string, body: object = {}, message?: string): Reply {
  const result_msg = message ?? resultMessage(code, url);
  return { status: 200, json: { header: { response_code: '1001A', result_code: code, result_msg, session_id: '' }, body } };
}

const workflowBody = v.pipe(
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

/** Replies to a protected call ([V]; the `v3` calls are [A]). */
export function answerCall(request: ReceivedRequest, tokens: Tokens, { workflows }: EsignonState): Reply {
  const { method, url } = request;
  const caller = callerOf(request, tokens);
  if (method === 'GET' && url.pathname === '/api/v2/company') {
    return caller === undefined ? callResult(request, '94') : showCompany(request, caller, workflows);
  }
  if (method === 'POST' && url.pathname === '/api/v3/workflows/start') {
    return caller === undefined ? { status: 401, json: { message: resultMessage('94', url) } } : startWorkflow(request, workflows);
  }
  return { status: 404, json: { message: 'Not Found' } };
}

/** Exactly one space stands between scheme and token: the vendor accepts nothing else. */
function callerOf({ headers }: ReceivedRequest, tokens: Tokens): EsignonSandboxAccount | undefined {
  const token = /^esignon (\S+)$/.exec(headers.authorization ?? '')?.[1];
  return token === undefined ? undefined : tokens.owner(token);
}

function showCompany(request: ReceivedRequest, { companyId }: EsignonSandboxAccount, workflows: readonly StartedWorkflow[]): Reply {
  return callResult(request, '00', {
    name: companyId,
    country_code: 'KR',
    workflow_capacity: 1000,
    workflow_usage: workflows.length,
    expiry_date: '2099-12-22',
    grade_code: 'ST',
    create_date: formatInstant(companyCreated, offsetIn(request.url)),
    allow_list: ['127.0.0.1'],
  });
}

/** 2020-01-31 04:23:28 in Korean time, in epoch milliseconds. */
const companyCreated = 1_580_412_208_000;

/** The offset from UTC in milliseconds that `?offset=±hh:mm` asks for; Korean time by default [V], and for what is no offset [A]. */
function offsetIn({ searchParams }: URL): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):(\d{2})$/.exec(searchParams.get('offset') ?? '') ?? [];
  if (sign === undefined) return koreanOffset;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** Korean time, as an offset from UTC in milliseconds. */
export const koreanOffset = 9 * 60 * 60_000;

/** `2020-01-31 04:23:28.0`: the form in which the vendor writes an instant [V]. */
export function formatInstant(instant: number, offset: number): string {
  const [date, time] = new Date(instant + offset).toISOString().split(/[T.]/);
  return `${date} ${time}.0`;
}

function startWorkflow({ body }: ReceivedRequest, workflows: StartedWorkflow[]): Reply {
  const parsed = v.safeParse(workflowBody, body);
  if (!parsed.success) return { status: 400, json: { message: 'Bad Request' } };
  const workflow: StartedWorkflow = { workflow_id: workflows.length + 1, workflow_name: parsed.output.workflow_name };
  workflows.push(workflow);
  return { status: 200, json: workflow };
}

/** The envelope of the calls that have one: its `response_code` is the path [V]. */
export function callResult({ url }: ReceivedRequest, code: string, body: object = {}, message?: string): Reply {
  const result_msg = message ?? (code === '00' ? 'Success' : resultMessage(code, url));
  return { status: 200, json: { header: { response_code: url.pathname, result_code: code, result_msg, session_id: '' }, body } };
}

/**
 * `header.result_msg` of a login, and of a call with result `94`. Korean and Japanese are the vendor's texts ([S], `94` [V]), English is a
 * translation.
 */
const resultMessages: Readonly<Record<string, Readonly<Record<'ko' | 'en' | 'ja', string>>>> = {
  '00': { ko: '성공적으로 로그인되었습니다.', en: 'Logged in successfully.', ja: '成功裏にログインされました。' },
  '10': {
    ko: '로그인 정보가 정확하지 않습니다.',
    en: 'The login information is not right.',
    ja: 'ログイン情報が正確ではありません。',
  },
  '12': {
    ko: '수신 메세지의 Body 정보가 잘못된 형태여서 파싱하지 못했습니다.',
    en: 'The body of the received message is malformed and could not be parsed.',
    ja: '受信メッセージのBody情報が正しくない形のため、パスできませんでした。',
  },
  '94': { ko: '인증키가 올바르지 않습니다.', en: 'The authentication key is not right.', ja: '認証キーが正しくありません。' },
  '95': {
    ko: 'API를 호출할 수 없는 회사입니다. 관리자에게 문의해주세요.',
    en: 'This company cannot call the API. Please contact the customer center.',
    ja: 'APIを呼び出せない会社です。 管理者にお問い合わせください。',
  },
  '99': {
    ko: 'Unexpected exception ( 잘못된 포맷 )',
    en: 'Unexpected exception (wrong format)',
    ja: 'Unexpected exception（誤ったフォーマット）',
  },
};

/**
 * The vendor's message for a result code, in the language of `?lang=` ([V]; one of the vendor's pages spells Japanese `jp`), otherwise in Korean [A].
 * Empty for a code that is not documented.
 */
function resultMessage(code: string, { searchParams }: URL): string {
  const lang = searchParams.get('lang');
  const language = lang === 'jp' ? 'ja' : lang;
  return resultMessages[code]?.[language === 'ja' || language === 'en' ? language : 'ko'] ?? '';
}
