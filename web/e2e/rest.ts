// REST as a caller sees it: status, headers and the JSON body, whatever they are.

export interface Answer<Body = Json> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** The `Shop-Seq` header: NaN without one. */
  readonly seq: number;
}

export type Json = { readonly [key: string]: unknown };

export interface Request {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function request<Body = Json>(
  method: string,
  url: string,
  { body, raw, headers = {} }: Request = {},
): Promise<Answer<Body>> {
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(url, {
    method,
    headers: { ...(sent === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(sent === undefined ? {} : { body: sent }),
    redirect: 'manual',
  });
  const text = await response.text();
  let parsed: unknown = text;
  try {
    parsed = JSON.parse(text);
  } catch {
    // Not JSON: the caller gets the text and its expectation says what is wrong with it.
  }
  return {
    status: response.status,
    headers: response.headers,
    // The tests check the shape themselves: this is where the wire's `unknown` gets its expected name.
    body: parsed as Body,
    seq: Number(response.headers.get('shop-seq') ?? Number.NaN),
  };
}
