import type { Cause } from './cause.ts';

/** What can be wrong with an account, its options and its token. */
export const accountCauses = {
  options: {
    means: {
      en: 'The account is not complete, or a value is not of the expected form.',
      ko: '계정 설정이 완전하지 않거나 값의 형식이 올바르지 않습니다.',
      ja: 'アカウントの設定が足りないか、値の形式が正しくありません。',
      fr: 'Le compte est incomplet, ou une valeur n’a pas la forme attendue.',
    },
    todo: {
      en: 'Correct what the message names, in the environment or in the --env-file.',
      ko: '메시지에 나온 항목을 환경 변수 또는 --env-file에서 고치십시오.',
      ja: 'メッセージにある項目を、環境変数または --env-file で直してください。',
      fr: 'Corrigez ce que le message nomme, dans l’environnement ou dans le --env-file.',
    },
  },
  'password-line-break': {
    means: {
      en: 'The password ends in a line break, which does not belong to it. It was probably read from a file.',
      ko: '비밀번호 끝에 줄바꿈이 있습니다. 파일에서 읽을 때 들어온 것으로 보입니다.',
      ja: 'パスワードの末尾に改行があります。ファイルから読み込んだときに入ったものと思われます。',
      fr: 'Le mot de passe se termine par un saut de ligne, qui n’en fait pas partie. Il vient sans doute d’un fichier.',
    },
    todo: {
      en: 'Remove the line break from {variable}. In a shell, $(cat file) removes it.',
      ko: '{variable}에서 줄바꿈을 지우십시오. 셸에서는 $(cat file)이 지워 줍니다.',
      ja: '{variable} から改行を取り除いてください。シェルでは $(cat file) が取り除きます。',
      fr: 'Retirez le saut de ligne de {variable}. Dans un shell, $(cat fichier) le retire.',
    },
  },
  'password-white-space': {
    means: {
      en: 'The credentials were refused, and the password begins or ends with a space.',
      ko: '로그인 정보가 거부되었고, 비밀번호의 앞이나 뒤에 공백이 있습니다.',
      ja: 'ログイン情報が拒否されました。パスワードの先頭または末尾に空白があります。',
      fr: 'Les identifiants ont été refusés, et le mot de passe commence ou finit par une espace.',
    },
    todo: {
      en: 'Remove the space from {variable}, unless it belongs to the password. Do not try again and again: accounts get locked.',
      ko: '비밀번호의 일부가 아니라면 {variable}에서 공백을 지우십시오. 여러 번 시도하면 계정이 잠길 수 있습니다.',
      ja: 'パスワードの一部でなければ、{variable} から空白を取り除いてください。何度も試すとアカウントがロックされることがあります。',
      fr: 'Retirez l’espace de {variable}, si elle n’en fait pas partie. N’essayez pas plusieurs fois : le compte pourrait être bloqué.',
    },
  },
  'wrong-path': {
    means: {
      en: 'The server answers, but there is no API at this place: the path of the base URL is wrong, or it is the address of a web page.',
      ko: '서버는 응답하지만 이 위치에는 API가 없습니다. 기본 URL의 경로가 틀렸거나, 웹 페이지의 주소입니다.',
      ja: 'サーバーは応答しますが、この場所に API はありません。ベース URL のパスが誤っているか、ウェブページのアドレスです。',
      fr: 'Le serveur répond, mais il n’y a pas d’API à cet endroit : le chemin de l’URL de base est faux, ou c’est l’adresse d’une page web.',
    },
    todo: {
      en: 'Set {variable} to the address of the API as the vendor gave it, with its path, and without the path of the login.',
      ko: '{variable}에 업체가 알려 준 API 주소를 경로까지 넣고, 로그인 경로는 빼십시오.',
      ja: '{variable} に、ベンダーから知らされた API のアドレスをパスも含めて指定し、ログインのパスは除いてください。',
      fr: 'Donnez à {variable} l’adresse de l’API telle que le fournisseur l’a communiquée, avec son chemin, et sans le chemin du login.',
    },
  },
  'credentials-refused': {
    means: {
      en: 'The vendor says that the credentials are not right. It does not say which of them.',
      ko: '업체가 로그인 정보가 올바르지 않다고 응답했습니다. 어느 값인지는 알려 주지 않습니다.',
      ja: 'ログイン情報が正しくない、とベンダーが応答しました。どの値かは示されません。',
      fr: 'Le fournisseur répond que les identifiants ne sont pas justes. Il ne dit pas lequel.',
    },
    todo: {
      en: 'Check {variables}. Do not try again and again: accounts get locked.',
      ko: '{variables}을(를) 확인하십시오. 여러 번 시도하면 계정이 잠길 수 있습니다.',
      ja: '{variables} を確かめてください。何度も試すとアカウントがロックされることがあります。',
      fr: 'Vérifiez {variables}. N’essayez pas plusieurs fois : le compte pourrait être bloqué.',
    },
  },
  'account-locked': {
    means: {
      en: 'The account is locked.',
      ko: '계정이 잠겨 있습니다.',
      ja: 'アカウントがロックされています。',
      fr: 'Le compte est bloqué.',
    },
    todo: {
      en: 'Have it unlocked by the vendor or its administrator, then run vendor-auth {vendor} forget. Trying again does not help.',
      ko: '업체나 관리자에게 잠금 해제를 요청한 뒤 vendor-auth {vendor} forget을 실행하십시오. 다시 시도해도 소용이 없습니다.',
      ja: 'ベンダーまたは管理者にロックの解除を依頼し、その後 vendor-auth {vendor} forget を実行してください。再試行しても解決しません。',
      fr: 'Faites-le débloquer par le fournisseur ou son administrateur, puis lancez vendor-auth {vendor} forget. Réessayer n’aide pas.',
    },
  },
  'api-not-allowed': {
    means: {
      en: 'The credentials may be right, but this account may not use the API.',
      ko: '로그인 정보는 맞을 수 있지만, 이 계정은 API를 사용할 수 없습니다.',
      ja: 'ログイン情報は正しいかもしれませんが、このアカウントには API の利用が許可されていません。',
      fr: 'Les identifiants sont peut-être justes, mais ce compte n’a pas le droit d’utiliser l’API.',
    },
    todo: {
      en: 'Ask the vendor to enable the API for the account, then run vendor-auth {vendor} forget.',
      ko: '업체에 이 계정의 API 사용을 요청한 뒤 vendor-auth {vendor} forget을 실행하십시오.',
      ja: 'ベンダーにこのアカウントでの API の利用を依頼し、その後 vendor-auth {vendor} forget を実行してください。',
      fr: 'Demandez au fournisseur d’activer l’API pour ce compte, puis lancez vendor-auth {vendor} forget.',
    },
  },
  'address-not-allowed': {
    means: {
      en: 'A gateway in front of the API refuses this machine (HTTP 403, not in the form of the API): its IP address is probably not on the allow list.',
      ko: 'API 앞의 게이트웨이가 이 컴퓨터를 거부했습니다(HTTP 403, API 형식이 아님). 이 컴퓨터의 IP 주소가 허용 목록에 없는 것으로 보입니다.',
      ja: 'API の手前のゲートウェイがこのマシンを拒否しました (HTTP 403、API の形式ではありません)。IP アドレスが許可リストにないと思われます。',
      fr: 'Une passerelle devant l’API refuse cette machine (HTTP 403, hors du format de l’API) : son adresse IP n’est sans doute pas sur la liste autorisée.',
    },
    todo: {
      en: 'Have the public IP address of this machine (or of its proxy) put on the allow list of the account.',
      ko: '이 컴퓨터(또는 프록시)의 공인 IP 주소를 계정의 허용 목록에 추가해 달라고 요청하십시오.',
      ja: 'このマシン (またはプロキシ) のグローバル IP アドレスを、アカウントの許可リストに加えてもらってください。',
      fr: 'Faites ajouter l’adresse IP publique de cette machine (ou de son proxy) à la liste autorisée du compte.',
    },
  },
  'token-header': {
    means: {
      en: 'The vendor rejected the token in the header {header}, and accepted it in the header {other}.',
      ko: '업체가 {header} 헤더의 토큰은 거부하고 {other} 헤더의 토큰은 받아들였습니다.',
      ja: 'ベンダーは {header} ヘッダーのトークンを拒否し、{other} ヘッダーのトークンを受け入れました。',
      fr: 'Le fournisseur a rejeté le jeton dans l’en-tête {header}, et l’a accepté dans l’en-tête {other}.',
    },
    todo: {
      en: 'The account is right. Send the token in {other} for now, and report it to the maintainers of this package.',
      ko: '계정은 올바릅니다. 우선 {other} 헤더로 토큰을 보내고, 이 패키지의 관리자에게 알려 주십시오.',
      ja: 'アカウントは正しいです。当面は {other} ヘッダーでトークンを送り、このパッケージの保守者に報告してください。',
      fr: 'Le compte est juste. Envoyez pour l’instant le jeton dans {other}, et signalez-le aux mainteneurs de ce paquet.',
    },
  },
  'token-rejected': {
    means: {
      en: 'The login worked, and the vendor rejects the token that it just issued.',
      ko: '로그인은 되었지만, 업체가 방금 발급한 토큰을 거부합니다.',
      ja: 'ログインはできましたが、ベンダーは発行したばかりのトークンを拒否します。',
      fr: 'Le login a réussi, et le fournisseur rejette le jeton qu’il vient d’émettre.',
    },
    todo: {
      en: 'Another process may use the same account, at a vendor that allows one session: share a store. Otherwise ask the vendor.',
      ko: '세션을 하나만 허용하는 업체에서 다른 프로세스가 같은 계정을 쓰고 있을 수 있습니다. 저장소를 공유하십시오. 아니면 업체에 문의하십시오.',
      ja: 'セッションを一つしか許さないベンダーで、別のプロセスが同じアカウントを使っている可能性があります。ストアを共有してください。それ以外はベンダーに問い合わせてください。',
      fr: 'Un autre processus utilise peut-être le même compte, chez un fournisseur qui n’admet qu’une session : partagez un store. Sinon, demandez au fournisseur.',
    },
  },
  'vendor-failed': {
    means: {
      en: 'The vendor was reached, and failed itself. It says nothing about your credentials.',
      ko: '업체에 연결되었지만 업체 쪽에서 오류가 났습니다. 로그인 정보와는 관계가 없습니다.',
      ja: 'ベンダーには届きましたが、ベンダー側で障害が起きました。ログイン情報とは関係ありません。',
      fr: 'Le fournisseur a été joint, mais il est en panne. Cela ne dit rien de vos identifiants.',
    },
    todo: {
      en: 'Try again later. If it lasts, tell the vendor the time and the answer above.',
      ko: '나중에 다시 시도하십시오. 계속되면 시각과 위의 응답을 업체에 알리십시오.',
      ja: '後でもう一度試してください。続く場合は、時刻と上の応答をベンダーに知らせてください。',
      fr: 'Réessayez plus tard. Si cela dure, donnez au fournisseur l’heure et la réponse ci-dessus.',
    },
  },
  'unexpected-answer': {
    means: {
      en: 'The answer is not what the vendor documents.',
      ko: '응답이 업체의 문서와 다릅니다.',
      ja: '応答がベンダーの文書と異なります。',
      fr: 'La réponse n’est pas celle que documente le fournisseur.',
    },
    todo: {
      en: 'Check {variable}. If it is right, something in between (a proxy, a login page of the network) may answer in place of the vendor.',
      ko: '{variable}을(를) 확인하십시오. 맞다면 중간의 무언가(프록시, 네트워크 로그인 페이지)가 업체 대신 응답하고 있을 수 있습니다.',
      ja: '{variable} を確かめてください。正しければ、途中の何か (プロキシやネットワークのログインページ) が代わりに応答している可能性があります。',
      fr: 'Vérifiez {variable}. S’il est juste, quelque chose d’intermédiaire (un proxy, la page de connexion du réseau) répond peut-être à la place du fournisseur.',
    },
  },
  pausing: {
    means: {
      en: 'The account is pausing until {until}, after {reason}: another login now could get it locked.',
      ko: '{reason} 이후 계정이 {until}까지 대기 중입니다. 지금 다시 로그인하면 계정이 잠길 수 있습니다.',
      ja: '{reason} のため、アカウントは {until} まで待機中です。今ログインするとロックされるおそれがあります。',
      fr: 'Le compte est en pause jusqu’à {until}, après {reason} : un autre login maintenant pourrait le bloquer.',
    },
    todo: {
      en: 'Wait until then. To log in at once, give --yes; if the cause is mended, vendor-auth {vendor} forget ends the pause.',
      ko: '그때까지 기다리십시오. 바로 로그인하려면 --yes를 주십시오. 원인을 고쳤다면 vendor-auth {vendor} forget으로 대기를 끝낼 수 있습니다.',
      ja: 'それまで待ってください。すぐにログインするには --yes を付けてください。原因を直したなら vendor-auth {vendor} forget で待機を終えられます。',
      fr: 'Attendez jusque-là. Pour un login immédiat, donnez --yes ; si la cause est corrigée, vendor-auth {vendor} forget met fin à la pause.',
    },
  },
  'call-failed': {
    means: {
      en: 'The login works, but the first protected call failed for another reason than the token.',
      ko: '로그인은 되지만, 첫 번째 보호된 호출이 토큰이 아닌 다른 이유로 실패했습니다.',
      ja: 'ログインはできますが、最初の保護された呼び出しが、トークン以外の理由で失敗しました。',
      fr: 'Le login fonctionne, mais le premier appel protégé a échoué pour une autre raison que le jeton.',
    },
    todo: {
      en: 'Ask the vendor what the answer above means for this account.',
      ko: '위의 응답이 이 계정에 무엇을 뜻하는지 업체에 문의하십시오.',
      ja: '上の応答がこのアカウントで何を意味するのか、ベンダーに問い合わせてください。',
      fr: 'Demandez au fournisseur ce que la réponse ci-dessus signifie pour ce compte.',
    },
  },
} as const satisfies Readonly<Record<string, Cause>>;
