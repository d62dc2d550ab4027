import { connect } from 'node:net'
import { generate } from 'selfsigned'

export interface TunnelOptions {
  /** Of the daemon, `http://host:port`. */
  target: string
  /** Silent connections are cut after so long. */
  idleMs: number
}

/** A reverse proxy such as sits before a sandbox: it ends TLS, changes `Host`, adds forwarding headers. */
export interface Tunnel {
  /** `https://localhost:port`; the same after a restart. */
  readonly origin: string
  /** Every connection through it is cut; nobody is at the address until `start`. */
  stop(): Promise<void>
  start(): Promise<void>
  /** Stops it and leaves nothing on the disk. */
  remove(): Promise<void>
}

/** What the daemon is called from outside. */
export const OUTSIDE_HOST = 'sandbox-1.tunnel.example'

export interface Certificate {
  key: string
  cert: string
}

let made: Promise<Certificate> | null = null

/** The same one within a process: making its key is much of the time that a tunnel takes to start. */
export function selfSignedCertificate(): Promise<Certificate> {
  made ??= generate([{ name: 'commonName', value: 'localhost' }]).then(({ private: key, cert }) => ({
    key,
    cert,
  }))
  return made
}

/** Whether somebody takes connections there. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
