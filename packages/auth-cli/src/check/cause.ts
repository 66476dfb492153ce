import type { ShellTexts } from '@x/auth-core/provider';

/** Why a check fails, in every language. A word in braces is filled in. */
export interface Cause {
  readonly means: Required<ShellTexts>;
  readonly todo: Required<ShellTexts>;
}
