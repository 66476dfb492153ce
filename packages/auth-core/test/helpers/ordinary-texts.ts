import { createHash } from 'node:crypto';

/** What vendors say, in the languages of those that this project knows, and in English. */
const sentences = [
  'The e-mail address or the password is not correct.',
  'Invalid login. Please check company id, e-mail and password, or contact your administrator.',
  'Your account has been locked after 5 failed attempts. Try again in 30 minutes.',
  'The password expired on 2026-01-31; choose a new one at https://www.example.com/account/password?lang=en&from=api.',
  'Too many requests: 61 in 60 s, the limit is 60. See https://docs.example.com/limits#rate.',
  'Session not found or expired (error 4001, request 7f3c2a9e-0b1d-4c55-9a77-3f0de1c2b4a5).',
  'Unexpected token < in JSON at position 0',
  'ORA-01017: invalid username/password; logon denied',
  'upstream connect error or disconnect/reset before headers. reset reason: connection timeout',
  'getaddrinfo ENOTFOUND api.example.com',
  'connect ECONNREFUSED 127.0.0.1:8443',
  'The key is not right. eSignon customer center: +82 2 1234 5678, 09:00 - 18:00 KST.',
  'Maintenance: 2026-03-01 02:00–06:00 (UTC+9). We apologise for the inconvenience.',
  'column "user_id" is of type integer but expression is of type character varying',
  'java.lang.NullPointerException: Cannot invoke "String.length()" because "pwd" is null\n\tat com.example.LoginService.login(LoginService.java:42)',
  '인증키가 올바르지 않습니다.',
  '아이디 또는 비밀번호가 올바르지 않습니다. 다시 확인해 주세요.',
  '비밀번호를 5회 이상 잘못 입력하여 계정이 잠겼습니다. 관리자에게 문의하시기 바랍니다.',
  '로그인 세션이 만료되었습니다. 다시 로그인해 주십시오. (오류 코드: 4001)',
  '시스템 점검 중입니다. 점검 시간: 2026년 3월 1일 02:00 ~ 06:00',
  '고객센터 02-1234-5678 로 연락 주시면 친절하게 안내해 드리겠습니다.',
  '요청하신 페이지를 찾을 수 없습니다. 주소를 다시 확인하여 주시기 바랍니다.',
  '認証キーが正しくありません。',
  'メールアドレスまたはパスワードが正しくありません。もう一度ご確認ください。',
  'パスワードを5回以上間違えたため、アカウントがロックされました。管理者にお問い合わせください。',
  'セッションの有効期限が切れました。再度ログインしてください。（エラーコード：4001）',
  'ただいまメンテナンス中です。終了予定：2026年3月1日 6時00分',
  'ご不便をおかけして申し訳ございません。しばらくしてからもう一度お試しください。',
  'Identifiant ou mot de passe incorrect. Veuillez réessayer.',
  'Votre compte a été bloqué après 5 tentatives infructueuses ; contactez votre administrateur.',
  "La session a expiré. Merci de vous reconnecter à l'adresse https://www.example.fr/connexion?retour=%2Faccueil.",
  "Une erreur inattendue s'est produite côté serveur (code 500). Nos équipes ont été prévenues.",
  'Accès refusé : vous n’avez pas les droits nécessaires pour effectuer cette opération.',
  'Le service est momentanément indisponible ; réessayez dans quelques minutes. Numéro de dossier : 20260131-0042.',
];

const page = (title: string, body: string): string => `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="stylesheet" href="/assets/app-3f2a9c1b.css?v=12">
<style>body { margin: 0; color: #1a2b3c; width=50% } .navbar-toggler-icon::before { content: "\\2014 \\00a0" }</style>
<script>window.__CONFIG__ = {"api":"https:\\/\\/api.example.com\\/v1","locale":"en\\u002dUS","csrf":"\\x3cmeta\\x3e"}; document.write("<p>\\n<\\/p>");</script></head>
<body class="page-template-default"><h1>${title}</h1><p>${body}</p><hr><address>nginx/1.27.3&nbsp;&middot;&nbsp;&copy; 2026 Example&trade;</address>
<a href="/login?next=%2Faccount%3Ftab%3Dsecurity&amp;lang=en&#45;GB">Log in</a> <img src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"></body></html>`;

/** What a server sends, and what it says with it. */
interface OrdinaryText {
  readonly text: string;
  readonly says: string;
}

/** Some 800 texts that servers send and in which nobody's secret stands: sentences, pages, JSON, numbers, keys and hashes. The same at each call. */
export function ordinaryTexts(): OrdinaryText[] {
  const hashes = Array.from({ length: 100 }, (_, index) => createHash('sha256').update(`text ${index}`).digest());
  const asTheyAre = [
    ...sentences,
    ...sentences.map((text) => JSON.stringify({ result_code: '4001', result_msg: text, timestamp: '2020-01-31 04:23:28.0' })),
    ...sentences.map((text) => page('403 Forbidden', text)),
    page('Bad Gateway', sentences.join('</p>\n<p>')),
    JSON.stringify(sentences, null, 2),
    ...hashes.flatMap(ordinaryData),
  ];
  const inOtherWords = sentences.flatMap((says) => [
    { text: encodeURIComponent(says), says },
    { text: `error=invalid_grant&error_description=${new URLSearchParams({ a: says }).toString().slice(2)}`, says },
    { text: Buffer.from(says).toString('base64'), says },
  ]);
  return [...asTheyAre.map((text) => ({ text, says: text })), ...inOtherWords];
}

function ordinaryData(hash: Buffer): string[] {
  const hex = hash.toString('hex');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  const jwt = `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${Buffer.from(`{"sub":"${uuid}","iat":${1_600_000_000 + (hash.readUInt32BE() % 99_999_999)}}`).toString('base64url')}.${hash.toString('base64url')}`;
  return [
    hex,
    uuid,
    `request ${uuid} failed at ${new Date(1_600_000_000_000 + hash.readUInt32BE(8) * 25).toISOString()}`,
    hash.toString('base64'),
    Buffer.concat(Array.from({ length: 40 }, (_, at) => createHash('sha256').update(hash).update(String(at)).digest())).toString('base64'),
    `{"trace":"${hex.slice(0, 16)}","amount":${hash.readUInt32BE(4)},"tokens":["${jwt}"],"ok":false}`,
  ];
}
