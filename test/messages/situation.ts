/** Something that goes wrong, and what a user meets then. */
export interface Situation {
  /** What went wrong, in the words of whoever did it. */
  readonly about: string;
  /** Makes it happen. What it throws, rejects with or returns as an error is what the user meets. */
  readonly stage: () => unknown;
}

/** What a user reads. */
export interface Message {
  /** The code of an `AuthError`, or the name of another error. */
  readonly code: string;
  readonly about: string;
  readonly text: string;
  /** The error itself. */
  readonly error: unknown;
}

/** Makes one situation happen. @throws Error where nothing goes wrong that was to be shown. */
async function meet({ about, stage }: Situation): Promise<Message> {
  const error: unknown = await Promise.try(stage).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) throw new Error(`nothing went wrong: ${about}`);
  const code = 'code' in error && typeof error.code === 'string' && error.name === 'AuthError' ? error.code : error.name;
  return { about, code, text: textOf(error), error };
}

/** What fetch says stands in the cause of its error. Ports and directories of one run are left out, so that two lists can be compared. */
function textOf({ name, message, cause }: Error): string {
  const text = name === 'TypeError' && message === 'fetch failed' && cause instanceof Error ? `${message}: ${cause.message}` : message;
  return text
    .replaceAll(/(?<=127\.0\.0\.1:)\d+/g, '…')
    .replaceAll(/\/\S*\/(?=messages-)/g, '/')
    .replaceAll(/(?<=\/messages-)\w+/g, '…');
}

/** Every message, by code and text. */
export async function collectMessages(situations: readonly Situation[]): Promise<Message[]> {
  const met: Message[] = [];
  for (const situation of situations) met.push(await meet(situation));
  const order = (a: Message, b: Message): number => a.code.localeCompare(b.code) || a.text.localeCompare(b.text);
  return met.toSorted(order);
}
