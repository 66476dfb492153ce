export * from '@x/auth-core';
export type { PasswordOption } from '@x/auth-core/provider';

export { createEsignonTokenProvider } from './create-esignon-token-provider.ts';
export { type EsignonOptions, esignonOptionsFromEnv } from './options.ts';
