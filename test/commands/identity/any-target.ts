/** Every address passes: what is refused, test/outgoing and test/api/urls.test.ts try with the real check. */
export const anyTarget = { checkTarget: () => Promise.resolve(null) };
