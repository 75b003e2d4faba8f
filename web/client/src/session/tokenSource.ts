/** Where access tokens come from. Both calls reject with `SignedOut` when there is none to be had until a person signs in. */
export interface TokenSource {
  /** A token that is good for the next seconds. */
  access(): Promise<string>;
  /** A token in place of one that the server refused although it looked good. */
  renew(refused: string): Promise<string>;
}

/** There is no session, or the server ended it. */
export class SignedOut extends Error {
  override readonly name = 'SignedOut';

  constructor() {
    super('Sign in first.');
  }
}

/**
 * Tokens from a callback, for an application that signs its people in itself. A callback that gives the refused token
 * again has no better one, and that ends the session.
 */
export function tokensFrom(callback: () => string | null | Promise<string | null>): TokenSource {
  const ask = async (refused?: string) => {
    const token = await callback();
    if (token === null || token === refused) throw new SignedOut();
    return token;
  };
  return { access: () => ask(), renew: ask };
}
