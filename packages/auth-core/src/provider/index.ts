export { createTokenProvider } from '../lifecycle/create-token-provider.ts';
export { pickTokenProviderOptions, tokenProviderOptionEntries } from '../lifecycle/options.ts';
export { parseOptions } from '../validation.ts';
export { isTransientStatus, parseLoginResponse, vendorError, type VendorErrorInit } from './judge-response.ts';
export { readJsonPrefix } from './json-prefix.ts';
export { baseUrlSchema } from '../base-url.ts';
export { askPassword, endpointUrl, type PasswordOption, passwordSchema, readEnv } from './options.ts';
export { type LoginRequest, type LoginResponse, sendLoginRequest } from './send-login-request.ts';
