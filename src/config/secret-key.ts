/** Whether a text is 32 bytes in base64, as `openssl rand -base64 32` prints them. */
export function isSecretKey(text: string): boolean {
  return /^[A-Za-z\d+/_-]{43}=?$/.test(text);
}
