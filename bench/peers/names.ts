/** What the contenders are called in the tables. */
export const ours = 'these packages';
export const undiciOidc = 'undici-oidc-interceptor';
export const badgateway = '@badgateway/oauth2-client';
export const azure = '@azure/core-rest-pipeline, bearer policy';
export const google = 'google-auth-library';
export const simpleOauth2 = 'simple-oauth2, with its README’s memo';
export const asyncCacheDedupe = 'async-cache-dedupe';
export const handWritten = 'hand-written: a promise that is kept, and its end';
export const loginEachTime = 'hand-written: a login before each call';

/** The libraries that a user would take instead, in the order of the tables. */
export const libraries: readonly string[] = [undiciOidc, badgateway, azure, google, simpleOauth2, asyncCacheDedupe];
