/** Names that hold no secret although they speak of one: `password_file`, `token_count`, `PasswordAuthentication`. */
const HARMLESS_END =
  /(?:file|path|dir|directory|count|length|limit|policy|expires|expiry|timeout|type|name|prompts|authentication|required|url|uri|publickey|hostkey)$/

const SECRET_WORDS =
  /pass(?:word|wd|phrase|code)(?!s|less)|pwd|secret(?!ar)|token(?!s|iz|ix)|credential|cookie|authorization|requirepass|masterauth|webhookkey|(?:api|access|private|master|aes|encryption|signing|shared|license|account)key$/

/** Ends in `pass`, such as `storepass`, and is no common word. */
const PASS_END = /(?<!by|com|encom|tres|sur|over|under|im)pass$/

const CHINESE_SECRET = /(?:密码|口令|密钥|令牌)$/

/**
 * True when a field, option or variable of that name holds a secret: `password`, `MYSQL_PWD`, `api-key`,
 * `accessToken`, `密码`. Case and `_`, `-`, `.` do not matter. At most the last 128 characters are looked at.
 */
export function isSensitiveKey(name: string): boolean {
  if (name === 'PWD' || name === 'OLDPWD') return false
  const plain = name
    .slice(-128)
    .toLowerCase()
    .replace(/[-_.\s]/g, '')
  if (CHINESE_SECRET.test(plain)) return true
  if (HARMLESS_END.test(plain)) return false
  return SECRET_WORDS.test(plain) || PASS_END.test(plain)
}

/** True when a text speaks of a secret, so that it is safer not shown at all. */
export const mentionsSecret = (value: string): boolean =>
  /pass|pwd|secret|token|key|credential|密码|口令|密钥|令牌/i.test(value)
