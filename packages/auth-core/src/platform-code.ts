/** Codes of undici, of Node.js, of its HTTP parser and of OpenSSL, by their beginnings. */
const families = /^(?:UND_ERR|ERR|HPE|CERT|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)_[A-Z][A-Z0-9_]{1,40}$/;

/** Whether an error's code is a word of the platform, which says nothing of what was sent or read. */
export function isPlatformCode(code: string): boolean {
  // A name that is not found has a code that is in no list of the system's.
  return code === 'ENOTFOUND' || families.test(code) || isSystemCode(code);
}

/** `node:util` is looked up here: an import statement would load parts of Node that nothing else needs, in every process that starts. */
function isSystemCode(code: string): boolean {
  const known = process.getBuiltinModule('node:util').getSystemErrorMap();
  return [...known.values()].some(([name]) => name === code);
}
