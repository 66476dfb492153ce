export * from '@x/auth-core';
export type { PasswordOption } from '@x/auth-core/provider';

export { createDatacomsysTokenProvider } from './create-datacomsys-token-provider.ts';
export { type DatacomsysOptions, datacomsysOptionsFromEnv } from './options.ts';
