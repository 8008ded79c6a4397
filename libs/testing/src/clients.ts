/** An answer over HTTP, its body read as JSON where it is JSON. */
export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

/** One entry of a batch-response (FHIR R4). */
export interface EntryAnswer {
  readonly fullUrl?: string;
  readonly response: {
    readonly status: string;
    readonly location?: string;
    readonly etag?: string;
    readonly outcome?: OperationOutcome;
  };
}

export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome';
  readonly issue: readonly {
    readonly severity: string;
    readonly code: string;
    readonly details?: { readonly text?: string };
    readonly diagnostics?: string;
    readonly expression?: readonly string[];
  }[];
}

export interface BatchAnswer {
  readonly resourceType: string;
  readonly entry?: readonly EntryAnswer[];
  readonly issue?: OperationOutcome['issue'];
}

/** A home-monitoring hub: posts measurements. Each client waits `timeoutMs` for an answer where one is given. */
export const homeHub = (url: string, timeoutMs?: number) => ({
  post: (bundle: unknown, headers: Record<string, string> = {}): Promise<Answer<BatchAnswer>> =>
    call(
      `${url}/`,
      {
        method: 'POST',
        headers: {
          'samspill-client': 'home-hub',
          'content-type': 'application/fhir+json',
          ...headers,
        },
        body: typeof bundle === 'string' ? bundle : JSON.stringify(bundle),
      },
      timeoutMs,
    ),
});

/** The screen of the emergency ward. `after` is the Samspill-Position of a write that must be seen. */
export const wardScreen = (url: string, timeoutMs?: number) => ({
  overview: <Overview>(nationalId: string, after?: string): Promise<Answer<Overview>> =>
    call(
      `${url}/overview`,
      {
        headers: {
          'samspill-client': 'ward-screen',
          'nhn-patient-nin': nationalId,
          ...(after && { 'samspill-after': after }),
        },
      },
      timeoutMs,
    ),
});

/** What the key vault destroyed. */
interface ShredAnswer {
  readonly product: string;
  readonly shredded: readonly {
    /** Pseudonym. */
    readonly patient: string;
    readonly keyVersion: number;
    /** Of the KeyShredded; absent when the log was slow: it follows by itself. */
    readonly position?: string;
  }[];
}

/** Whose key is to be destroyed. */
interface ShredOrder {
  readonly product: string;
  readonly patient:
    | { readonly pseudonym: string }
    | { readonly identifier: { readonly system: string | null; readonly value: string } };
  readonly cause: string;
}

/** What a consumer is to hold no longer, or again. */
interface GrantOrder extends ShredOrder {
  readonly consumer: string;
}

/** Whose grants stand as ordered; a refusal has no such list. */
interface GrantAnswer {
  readonly changed?: readonly { readonly patient: string; readonly position?: string }[];
}

/** Who carries out orders to erase and to withhold. */
export const vaultOperator = (url: string, timeoutMs?: number) => {
  const order = <Body>(path: string, body: object): Promise<Answer<Body>> =>
    call(
      `${url}${path}`,
      {
        method: 'POST',
        headers: { 'samspill-client': 'operator', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
      timeoutMs,
    );
  return {
    shred: (body: ShredOrder): Promise<Answer<ShredAnswer>> => order('/shred', body),
    grant: (what: 'close' | 'open', body: GrantOrder): Promise<Answer<GrantAnswer>> =>
      order(`/grants/${what}`, body),
  };
};

/** Samspill-Position of an answer; an error when there is none. */
export function positionOf(answer: Answer<unknown>): string {
  const position = answer.headers.get('samspill-position');
  if (position === null)
    throw new Error(`the answer ${answer.status} carries no Samspill-Position`);
  return position;
}

async function call<Body>(
  url: string,
  init: RequestInit,
  timeoutMs: number | undefined,
): Promise<Answer<Body>> {
  const signal = timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) };
  const answer = await fetch(url, { ...init, ...signal });
  const text = await answer.text();
  const json = answer.headers.get('content-type')?.includes('json') ?? false;
  return {
    status: answer.status,
    body: (json ? JSON.parse(text) : text) as Body,
    headers: answer.headers,
  };
}
