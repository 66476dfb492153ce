import * as v from 'valibot';

/** A password, or a function that is asked for it before each login. */
export type PasswordOption = string | (() => string | Promise<string>);

/** The schema of a `password` option. */
export const passwordSchema: v.GenericSchema<PasswordOption> = v.union(
  [
    v.pipe(
      v.string(),
      v.nonEmpty('is empty'),
      v.check((text) => !/[\r\n]$/.test(text), 'ends in a line break (was it read from a file? trim it)'),
    ),
    v.custom<() => string | Promise<string>>((value) => typeof value === 'function'),
  ],
  'expected a string that is not empty, or a function that returns one',
);

/** How a protocol asks for its secret, whichever form the option has. */
export function askPassword(password: PasswordOption): () => string | Promise<string> {
  return typeof password === 'string' ? () => password : password;
}
