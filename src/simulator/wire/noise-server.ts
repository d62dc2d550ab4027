import { Curve, type KeyPair, proto } from '@whiskeysockets/baileys'
import { HandshakeCipher, type TransportCipher } from './noise-cipher.ts'

/** What a finished handshake yields. */
export interface Handshake {
  /** The client's static Noise key, proven by the handshake. */
  clientKey: Buffer
  payload: proto.ClientPayload
  incoming: TransportCipher
  outgoing: TransportCipher
}

/** What a server proves itself with. */
export interface ServerCertificate {
  /** The server's long-lived Noise key pair. */
  serverKey: KeyPair
  /** The chain that names its public half. */
  chain: Uint8Array
}

/** The server's half of WhatsApp's Noise XX handshake: client hello → server hello → client finish. */
export class NoiseServer {
  readonly #certificate: ServerCertificate
  readonly #cipher = new HandshakeCipher()
  readonly #ephemeral: KeyPair = Curve.generateKeyPair()
  readonly #intro: Uint8Array
  #helloSent = false

  constructor(certificate: ServerCertificate, intro: Uint8Array) {
    this.#certificate = certificate
    this.#intro = intro
  }

  /** Takes the client's next handshake frame; answers with a frame to send, or with the finished handshake. */
  receive(frame: Uint8Array): { reply: Uint8Array } | { done: Handshake } {
    const message = proto.HandshakeMessage.decode(frame)
    return this.#helloSent ? { done: this.#finish(message) } : { reply: this.#hello(message) }
  }

  #hello({ clientHello }: proto.HandshakeMessage): Uint8Array {
    const clientEphemeral = clientHello?.ephemeral
    if (clientEphemeral === undefined || clientEphemeral === null)
      throw new Error('client hello without a key')
    this.#helloSent = true
    const cipher = this.#cipher
    cipher.mixHash(this.#intro)
    cipher.mixHash(clientEphemeral)
    cipher.mixHash(this.#ephemeral.public)
    cipher.mixKey(Curve.sharedKey(this.#ephemeral.private, clientEphemeral))
    const { serverKey, chain } = this.#certificate
    const sealedKey = cipher.encryptAndHash(serverKey.public)
    cipher.mixKey(Curve.sharedKey(serverKey.private, clientEphemeral))
    const payload = cipher.encryptAndHash(chain)
    return proto.HandshakeMessage.encode({
      serverHello: { ephemeral: this.#ephemeral.public, static: sealedKey, payload },
    }).finish()
  }

  #finish({ clientFinish }: proto.HandshakeMessage): Handshake {
    if (!clientFinish?.static || !clientFinish.payload) throw new Error('client finish without its parts')
    const clientKey = this.#cipher.decryptAndHash(clientFinish.static)
    this.#cipher.mixKey(Curve.sharedKey(this.#ephemeral.private, clientKey))
    const payload = proto.ClientPayload.decode(this.#cipher.decryptAndHash(clientFinish.payload))
    return { clientKey, payload, ...this.#cipher.split() }
  }
}
