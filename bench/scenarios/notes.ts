/** What is said of Google's library wherever logins are counted. */
export const notShared = 'with `refreshHandler`, by which it takes any login; it shares those alone that use a refresh token';
