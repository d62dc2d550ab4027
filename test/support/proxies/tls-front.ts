import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { generate } from 'selfsigned'

/** In PEM form. */
interface Certificate {
  key: string
  cert: string
}

/** TLS in front of a server of this machine that has none. */
export class TlsFront {
  readonly port: number
  readonly #server: Server

  private constructor(server: Server) {
    this.#server = server
    // The address of a server that listens on a port.
    this.port = (server.address() as AddressInfo).port
  }

  /** One that is its own authority, for these names. */
  static async certificateFor(...names: string[]): Promise<Certificate> {
    const altNames = names.map((value) => ({ type: 2 as const, value }))
    const extensions = [
      { name: 'subjectAltName', altNames },
      { name: 'basicConstraints', cA: true },
    ] as const
    const [value = ''] = names
    const pems = await generate([{ name: 'commonName', value }], { extensions: [...extensions] })
    return { key: pems.private, cert: pems.cert }
  }

  static async start(certificate: Certificate, port: number): Promise<TlsFront> {
    const server = createServer(certificate, (secure) => {
      const plain = connect(port, '127.0.0.1')
      secure.pipe(plain).pipe(secure)
      for (const end of [secure, plain])
        end.on('error', () => [secure, plain].forEach((each) => each.destroy()))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TlsFront(server)
  }

  /** Connections that are open stay so. */
  stop(): void {
    this.#server.close()
  }
}
