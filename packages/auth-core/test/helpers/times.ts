/**
 * How often a test repeats what it proves. `.ci/run` asks for the full number with `AUTH_TESTS=full`; by default it is less, so that
 * nobody waits long for proof of the same. The title of the test says the number.
 */
export function times({ usually, full }: { readonly usually: number; readonly full: number }): number {
  return process.env['AUTH_TESTS'] === 'full' ? full : usually;
}
