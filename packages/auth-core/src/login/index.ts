export { tokenProviderOptionEntries } from '../lifecycle/provider-options.ts';
export { parseOptions } from '../validation.ts';
export { baseUrlSchema, endpointUrl } from './base-url.ts';
export { readJsonPrefix } from './json-prefix.ts';
export { parseLoginResponse } from './parse-login-response.ts';
export { askPassword, type PasswordOption, passwordSchema } from './password-option.ts';
export { readEnv } from './read-env.ts';
export { type LoginRequest, type LoginResponse, sendLoginRequest } from './send-login-request.ts';
export { isTransientStatus, vendorError, type VendorErrorInit } from './vendor-error.ts';
