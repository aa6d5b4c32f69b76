const credentialParameters = ['password', 'sslpassword', 'auth_pass'];

/**
 * The same address with every password replaced by `***`, for logs and error messages.
 * Text that is no URL comes back as `***`: it may be a password in the wrong variable.
 */
export function redactUrl(address: string): string {
  if (!URL.canParse(address)) return '***';
  const url = new URL(address);
  if (url.password !== '') url.password = '***';
  for (const name of credentialParameters) {
    if (url.searchParams.has(name)) url.searchParams.set(name, '***');
  }
  return url.href;
}
