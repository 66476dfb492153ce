export { createTokenProvider } from '../lifecycle/create-token-provider.ts';
export { pickTokenProviderOptions, tokenProviderOptionEntries } from '../lifecycle/options.ts';
export { parseOptions } from '../validation.ts';
export { isTransientStatus, parseLoginResponse, vendorError, type VendorErrorInit } from './judge-response.ts';
export { readJsonPrefix } from './json-prefix.ts';
export { baseUrlSchema } from '../base-url.ts';
export { askPassword, endpointUrl, type PasswordOption, passwordSchema, readEnv } from './options.ts';
export { jwtExpiry } from './jwt-expiry.ts';
export type { LoginRequest, LoginRequestBody, LoginRequestHead } from './login-request.ts';
export type { LoginResponse } from './send-login-request.ts';
export { sendLoginRequest } from './send-login-request.ts';
export type {
  ShellAdvice,
  ShellCall,
  ShellFailure,
  ShellFault,
  ShellSandbox,
  ShellSandboxOptions,
  ShellSupport,
  ShellTexts,
  ShellVariable,
} from './shell-support.ts';
export { ignoresPauses } from '../stores/token-store.ts';
