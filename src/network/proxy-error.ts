/** A proxy that does not let a connection through. Holds nothing of its URL: that may have a password. */
export class ProxyError extends Error {
  readonly code = 'ERR_PROXY'

  /** `why` continues "the proxy …". */
  constructor(why: string) {
    super(`the proxy ${why}`)
    this.name = 'ProxyError'
  }
}
