import type { Cause } from './cause.ts';

/** What can stand between this machine and the vendor. */
export const networkCauses = {
  'host-unknown': {
    means: {
      en: 'There is no host {host}: the host in the base URL is wrong, or this machine cannot look up names.',
      ko: '{host} 호스트가 없습니다. 기본 URL의 호스트 이름이 틀렸거나, 이 컴퓨터에서 이름을 조회할 수 없습니다.',
      ja: '{host} というホストはありません。ベース URL のホスト名が誤っているか、このマシンで名前を引けません。',
      fr: 'L’hôte {host} n’existe pas : l’hôte de l’URL de base est faux, ou cette machine ne peut pas résoudre les noms.',
    },
    todo: {
      en: 'Check the host in {variable}, letter by letter.',
      ko: '{variable}의 호스트 이름을 한 글자씩 확인하십시오.',
      ja: '{variable} のホスト名を一文字ずつ確かめてください。',
      fr: 'Vérifiez l’hôte de {variable}, lettre par lettre.',
    },
  },
  'nothing-listens': {
    means: {
      en: 'Nothing answers at {host}: the host or the port of the base URL is wrong, or a firewall is in between.',
      ko: '{host}에서 응답하는 서버가 없습니다. 기본 URL의 호스트나 포트가 틀렸거나 방화벽이 막고 있습니다.',
      ja: '{host} では何も応答しません。ベース URL のホストかポートが誤っているか、ファイアウォールが遮っています。',
      fr: 'Rien ne répond à {host} : l’hôte ou le port de l’URL de base est faux, ou un pare-feu s’interpose.',
    },
    todo: {
      en: 'Check host and port in {variable}. If they are right, ask your network administrator about the firewall.',
      ko: '{variable}의 호스트와 포트를 확인하십시오. 맞다면 네트워크 관리자에게 방화벽을 문의하십시오.',
      ja: '{variable} のホストとポートを確かめてください。正しければ、ファイアウォールをネットワーク管理者に確認してください。',
      fr: 'Vérifiez l’hôte et le port de {variable}. S’ils sont justes, demandez à votre administrateur réseau ce que fait le pare-feu.',
    },
  },
  'not-tls': {
    means: {
      en: '{host} does not speak TLS: the scheme (https) or the port of the base URL is wrong.',
      ko: '{host}는 TLS로 응답하지 않습니다. 기본 URL의 스킴(https)이나 포트가 틀렸습니다.',
      ja: '{host} は TLS で応答しません。ベース URL のスキーム (https) かポートが誤っています。',
      fr: '{host} ne parle pas TLS : le schéma (https) ou le port de l’URL de base est faux.',
    },
    todo: {
      en: 'Check scheme and port in {variable}.',
      ko: '{variable}의 스킴과 포트를 확인하십시오.',
      ja: '{variable} のスキームとポートを確かめてください。',
      fr: 'Vérifiez le schéma et le port de {variable}.',
    },
  },
  'certificate-authority': {
    means: {
      en: 'The certificate of {host} comes from a certificate authority that Node does not know: a private one, or that of a proxy which reads TLS.',
      ko: '{host}의 인증서를 발급한 인증 기관을 Node가 알지 못합니다. 사설 인증 기관이거나, TLS를 검사하는 프록시의 인증 기관입니다.',
      ja: '{host} の証明書を発行した認証局を Node は知りません。私設の認証局か、TLS を検査するプロキシの認証局です。',
      fr: 'Le certificat de {host} vient d’une autorité de certification que Node ne connaît pas : une autorité privée, ou celle d’un proxy qui lit le TLS.',
    },
    todo: {
      en: 'Get the certificate of the authority from your administrator, and set NODE_EXTRA_CA_CERTS to its file. Do not turn the verification off.',
      ko: '관리자에게서 인증 기관의 인증서를 받아 NODE_EXTRA_CA_CERTS에 그 파일을 지정하십시오. 검증을 끄지 마십시오.',
      ja: '管理者から認証局の証明書を入手し、そのファイルを NODE_EXTRA_CA_CERTS に指定してください。検証を無効にしないでください。',
      fr: 'Demandez le certificat de l’autorité à votre administrateur, et donnez son fichier à NODE_EXTRA_CA_CERTS. Ne désactivez pas la vérification.',
    },
  },
  'certificate-name': {
    means: {
      en: 'The certificate is for another name than {host}.',
      ko: '인증서가 {host}가 아닌 다른 이름에 대한 것입니다.',
      ja: '証明書は {host} とは別の名前のものです。',
      fr: 'Le certificat est celui d’un autre nom que {host}.',
    },
    todo: {
      en: 'Check the host in {variable}: it must be the name, not an address or an alias.',
      ko: '{variable}의 호스트를 확인하십시오. 주소나 별칭이 아닌 정식 이름이어야 합니다.',
      ja: '{variable} のホストを確かめてください。アドレスや別名ではなく、正式な名前でなければなりません。',
      fr: 'Vérifiez l’hôte de {variable} : il faut le nom, non une adresse ou un alias.',
    },
  },
  'certificate-time': {
    means: {
      en: 'By the clock of this machine the certificate of {host} is not valid: it has ended, or the clock is off.',
      ko: '이 컴퓨터의 시계로는 {host}의 인증서가 유효하지 않습니다. 인증서가 만료되었거나 시계가 틀립니다.',
      ja: 'このマシンの時計では {host} の証明書は有効ではありません。期限が切れたか、時計がずれています。',
      fr: 'D’après l’horloge de cette machine, le certificat de {host} n’est pas valable : il a expiré, ou l’horloge est fausse.',
    },
    todo: {
      en: 'Compare the clock of this machine with another one. If it is right, tell the vendor.',
      ko: '이 컴퓨터의 시계를 다른 시계와 비교하십시오. 맞다면 업체에 알리십시오.',
      ja: 'このマシンの時計を別の時計と比べてください。正しければ、ベンダーに知らせてください。',
      fr: 'Comparez l’horloge de cette machine à une autre. Si elle est juste, prévenez le fournisseur.',
    },
  },
  'proxy-unreachable': {
    means: {
      en: 'The proxy {proxy}, which {variable} names, cannot be reached.',
      ko: '{variable}에 지정된 프록시 {proxy}에 연결할 수 없습니다.',
      ja: '{variable} で指定されたプロキシ {proxy} に接続できません。',
      fr: 'Le proxy {proxy}, que nomme {variable}, est injoignable.',
    },
    todo: {
      en: 'Correct {variable}, or add {hostname} to NO_PROXY if no proxy is needed.',
      ko: '{variable}을(를) 고치거나, 프록시가 필요 없다면 NO_PROXY에 {hostname}을(를) 추가하십시오.',
      ja: '{variable} を直すか、プロキシが不要なら NO_PROXY に {hostname} を加えてください。',
      fr: 'Corrigez {variable}, ou ajoutez {hostname} à NO_PROXY si aucun proxy n’est nécessaire.',
    },
  },
  'proxy-refuses': {
    means: {
      en: 'The proxy {proxy} does not let the connection to {host} through (HTTP {status}).',
      ko: '프록시 {proxy}가 {host}에 대한 연결을 허용하지 않습니다(HTTP {status}).',
      ja: 'プロキシ {proxy} は {host} への接続を通しません (HTTP {status})。',
      fr: 'Le proxy {proxy} refuse la connexion à {host} (HTTP {status}).',
    },
    todo: {
      en: 'With 407, put user and password of the proxy into {variable}: http://user:password@host:port. Otherwise ask its administrator to allow {host}.',
      ko: '407이면 {variable}에 프록시의 사용자와 비밀번호를 넣으십시오: http://user:password@host:port. 아니면 프록시 관리자에게 {host} 허용을 요청하십시오.',
      ja: '407 の場合は {variable} にプロキシのユーザーとパスワードを入れてください: http://user:password@host:port。それ以外は、プロキシの管理者に {host} の許可を依頼してください。',
      fr: 'Avec 407, mettez l’utilisateur et le mot de passe du proxy dans {variable} : http://user:password@host:port. Sinon, demandez à son administrateur d’autoriser {host}.',
    },
  },
  'clock-off': {
    means: {
      en: 'The clock of this machine differs from that of the vendor by {offset}.',
      ko: '이 컴퓨터의 시계가 업체의 시계와 {offset} 차이가 납니다.',
      ja: 'このマシンの時計は、ベンダーの時計と {offset} ずれています。',
      fr: 'L’horloge de cette machine diffère de {offset} de celle du fournisseur.',
    },
    todo: {
      en: 'Set the clock by NTP. Tokens are kept right nevertheless, but certificates and logs are not.',
      ko: 'NTP로 시계를 맞추십시오. 토큰은 그래도 바르게 관리되지만 인증서와 로그는 그렇지 않습니다.',
      ja: 'NTP で時計を合わせてください。トークンは正しく扱われますが、証明書とログには影響します。',
      fr: 'Réglez l’horloge par NTP. Les jetons restent bien gérés, mais pas les certificats ni les journaux.',
    },
  },
  'no-answer': {
    means: {
      en: 'The connection is there, but no answer came in time.',
      ko: '연결은 되었지만 제시간에 응답이 오지 않았습니다.',
      ja: '接続はできましたが、時間内に応答がありませんでした。',
      fr: 'La connexion existe, mais aucune réponse n’est venue à temps.',
    },
    todo: {
      en: 'Try again later. If it lasts, look for a proxy or a firewall in between, or tell the vendor.',
      ko: '나중에 다시 시도하십시오. 계속되면 중간의 프록시나 방화벽을 확인하거나 업체에 알리십시오.',
      ja: '後でもう一度試してください。続く場合は、途中のプロキシやファイアウォールを確かめるか、ベンダーに知らせてください。',
      fr: 'Réessayez plus tard. Si cela dure, cherchez un proxy ou un pare-feu intermédiaire, ou prévenez le fournisseur.',
    },
  },
  'connection-broken': {
    means: {
      en: 'The connection broke before the answer was complete.',
      ko: '응답이 끝나기 전에 연결이 끊어졌습니다.',
      ja: '応答が終わる前に接続が切れました。',
      fr: 'La connexion s’est rompue avant la fin de la réponse.',
    },
    todo: {
      en: 'Try again. If it lasts, look for a proxy or a firewall in between, or tell the vendor.',
      ko: '다시 시도하십시오. 계속되면 중간의 프록시나 방화벽을 확인하거나 업체에 알리십시오.',
      ja: 'もう一度試してください。続く場合は、途中のプロキシやファイアウォールを確かめるか、ベンダーに知らせてください。',
      fr: 'Réessayez. Si cela dure, cherchez un proxy ou un pare-feu intermédiaire, ou prévenez le fournisseur.',
    },
  },
} as const satisfies Readonly<Record<string, Cause>>;
