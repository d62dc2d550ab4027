/** The part of a browser's document, or of a worker's global object, that reports what its policy blocks. */
interface PolicyTarget {
  addEventListener(type: string, listener: (event: PolicyViolation) => void): void
  removeEventListener(type: string, listener: (event: PolicyViolation) => void): void
}

interface PolicyViolation {
  blockedURI?: unknown
  disposition?: unknown
  effectiveDirective?: unknown
}

/**
 * Notes whether the content security policy of the page blocks connections to the host of `url`: neither a socket nor a
 * request says so itself. Notes nothing where there is no page.
 */
export class PolicyWatch {
  readonly #host: string | null
  readonly #target: PolicyTarget | null
  #blocksSockets = false
  #blocksRequests = false

  constructor(url: string) {
    this.#host = URL.canParse(url) ? new URL(url).host : null
    this.#target = policyTarget()
    this.#target?.addEventListener('securitypolicyviolation', this.#note)
  }

  get blocksSockets(): boolean {
    return this.#blocksSockets
  }

  get blocksRequests(): boolean {
    return this.#blocksRequests
  }

  /** Idempotent. */
  stop(): void {
    this.#target?.removeEventListener('securitypolicyviolation', this.#note)
  }

  readonly #note = ({ blockedURI, disposition, effectiveDirective }: PolicyViolation): void => {
    if (effectiveDirective !== 'connect-src' || disposition === 'report') return
    if (typeof blockedURI !== 'string' || !URL.canParse(blockedURI)) return
    const { host, protocol } = new URL(blockedURI)
    if (host !== this.#host) return
    if (protocol.startsWith('ws')) this.#blocksSockets = true
    else this.#blocksRequests = true
  }
}

function policyTarget(): PolicyTarget | null {
  const target: unknown = Reflect.get(globalThis, 'document') ?? globalThis
  return typeof target === 'object' && target !== null && 'addEventListener' in target
    ? (target as PolicyTarget) // every event target has both methods
    : null
}
