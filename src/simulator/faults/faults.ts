import type { ChainKind } from '../wire/certificate-authority.ts'
import { type ActiveFault, FaultRules, type FaultScope } from './fault-rules.ts'
import { MediaFaults } from './media-faults.ts'
import type { PasskeyDemand } from './passkey-demand.ts'
import type { BundleSpoil } from './spoil-bundle.ts'
import type { Stanza } from '../wire/stanza.ts'
import { child, stanza } from '../wire/stanza.ts'

/** A `<failure>` in place of a login or a registration. */
export interface LoginFailure {
  /** WhatsApp's reason, such as 401, 402, 403, 405 or 503. */
  reason: number
  /** With 402: how long the ban lasts, and why. */
  expireSeconds?: number
  code?: number
}

export interface StreamError {
  code?: number
  /** The child element, such as `conflict` with its type, or `xml-not-well-formed`. */
  child?: { tag: string; type?: string; class?: string; id?: string; from?: string }
}

/** Which queries a fault is about: by namespace, by the first element inside, or both. */
export interface QuerySelector extends Omit<FaultScope, 'matching'> {
  xmlns?: string
  element?: string
}

/** `swallow` loses the message itself, `deliver` only its acknowledgement. */
export type AckLoss = 'swallow' | 'deliver'

/** What faults do to an open socket; the simulator's sessions implement it. */
export interface FaultTarget {
  /** E.164 of the account that is logged in on it. */
  readonly accountNumber: string | undefined
  readonly isRegistering: boolean
  /** Whether the socket is open and the server has not ended it. */
  readonly isOpen: boolean
  send(stanza: Stanza): void
  /** Sends any bytes in place of a stanza, in a frame that decrypts. */
  sendBytes(bytes: Uint8Array): void
  /** Sends the stream error and closes. */
  endStream(error: StreamError): void
  goSilent(): void
  goHalfOpen(): void
  reset(): void
  sendGarbage(): void
  demandRegistrationRefresh(): void
}

/**
 * Faults on demand. Methods that act on open sockets act immediately and return the number of sockets; the others stay
 * on until `clear`, or for the number of times in their scope.
 */
export class Faults {
  /** `wrong-root`: the server's certificate is signed by a root that clients do not trust. */
  certificate: ChainKind | 'wrong-root' = 'valid'
  /** Whether the server understands the routing information that clients put in front of their handshake. */
  takesRouting = true
  /** Added to everything that the server sends, milliseconds; a function is asked for each stanza. */
  latencyMs: number | (() => number) = 0
  /** How long a phone takes between the scan, or the code, and letting the client in. */
  scanDelayMs = 0
  /** Whether logins end with `<ib><offline/></ib>`, which tells the client that the backlog is over. */
  sendsOfflineMarker = true
  /** Whether clients get a notice when a person's devices change. */
  tellsOfDevices = true
  /** Whether the backlog comes only as far as the client asks for it, one batch after the other. */
  batchesOnDemand = false
  /** Whether a phone that scanned a code is let through to the restart (515) that ends linking. */
  sendsRestart = true
  /** The oldest client revision that may register or log in (405); WhatsApp raises it several times a year. */
  minimumRevision = 0
  /** What the page says that names the current revision; `null`: the minimum, in WhatsApp's form. */
  versionPage: { status: number; body: string } | null = null
  readonly upgrades = new FaultRules<number>()
  readonly logins = new FaultRules<LoginFailure>()
  readonly registrations = new FaultRules<LoginFailure>()
  readonly lostAcks = new FaultRules<AckLoss>()
  readonly refusedMessages = new FaultRules<number>()
  readonly withheldAnswers = new FaultRules<true>()
  readonly errorAnswers = new FaultRules<{ code: number; text: string }>()
  readonly spoiledBundles = new FaultRules<BundleSpoil>()
  readonly passkeyDemands = new FaultRules<PasskeyDemand>()
  readonly media = new MediaFaults()
  readonly silencedLogins = new FaultRules<'silent' | 'half-open'>()
  readonly #targets: () => readonly FaultTarget[]

  constructor(targets: () => readonly FaultTarget[]) {
    this.#targets = targets
  }

  /** Sends a stream error to open sockets and closes them: 515, 401 `device_removed`, `conflict replaced`, 503, … */
  streamError(error: StreamError, scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.endStream(error))
  }

  /** The server stops answering on the open sockets; TCP and WebSocket stay up. */
  silence(scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.goSilent())
  }

  /** Nothing flows either way on the open sockets, and a close goes unanswered, as when a cable is cut. */
  halfOpen(scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.goHalfOpen())
  }

  /** TCP resets of all sockets, the half-open ones too. */
  reset(scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.reset(), true)
  }

  /** A frame that no key opens. */
  garbageFrame(scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.sendGarbage())
  }

  /** Sends any stanza to the open sockets: a past one again, or one that the simulator does not know. */
  send(stanza: Stanza, scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.send(stanza))
  }

  /** Sends a frame that decrypts to these bytes: a stanza with errors that no encoder makes. */
  sendBytes(bytes: Uint8Array, scope: { account?: string } = {}): number {
    return this.#strike(scope, (target) => target.sendBytes(bytes))
  }

  /** `companion_reg_refresh` to clients that are waiting for their scan; their codes are dead until they answer. */
  refreshRegistration(): number {
    const waiting = this.#targets().filter((target) => target.isRegistering)
    for (const target of waiting) target.demandRegistrationRefresh()
    return waiting.length
  }

  /** HTTP answer in place of the WebSocket upgrade. */
  refuseUpgrade(status: number, scope: { times?: number } = {}): ActiveFault {
    return this.upgrades.add(status, scope)
  }

  failLogin(failure: LoginFailure, scope: Omit<FaultScope, 'matching'> = {}): ActiveFault {
    return this.logins.add(failure, scope)
  }

  failRegistration(failure: LoginFailure, scope: { times?: number } = {}): ActiveFault {
    return this.registrations.add(failure, scope)
  }

  /** Sockets that log in while it is on are treated like `silence` or `halfOpen` right after `<success>`. */
  silenceLogins(kind: 'silent' | 'half-open', scope: Omit<FaultScope, 'matching'> = {}): ActiveFault {
    return this.silencedLogins.add(kind, scope)
  }

  /** Hands out keys that a client must not use. */
  spoilBundles(spoil: BundleSpoil, scope: FaultScope = {}): ActiveFault {
    return this.spoiledBundles.add(spoil, scope)
  }

  loseAcks(loss: AckLoss, scope: FaultScope = {}): ActiveFault {
    return this.lostAcks.add(loss, scope)
  }

  /** Messages from clients are refused with this error, such as 463 or 479, and not delivered. */
  refuseMessages(error: number, scope: FaultScope = {}): ActiveFault {
    return this.refusedMessages.add(error, scope)
  }

  withholdAnswers({ xmlns, element, ...scope }: QuerySelector): ActiveFault {
    return this.withheldAnswers.add(true, { ...scope, matching: selects({ xmlns, element }) })
  }

  answerWithError(
    { xmlns, element, ...scope }: QuerySelector,
    answer: { code: number; text: string } = { code: 500, text: 'internal-server-error' },
  ): ActiveFault {
    return this.errorAnswers.add(answer, { ...scope, matching: selects({ xmlns, element }) })
  }

  /** Phones demand a passkey to link a client, those without one too; and what else goes wrong with it. */
  demandPasskey({
    account,
    times,
    ...demand
  }: PasskeyDemand & { account?: string | undefined; times?: number | undefined } = {}): ActiveFault {
    return this.passkeyDemands.add(demand, {
      ...(account === undefined ? {} : { account }),
      ...(times === undefined ? {} : { times }),
    })
  }

  /** Switches every fault off. The effects on sockets that were struck already stay. */
  clear(): void {
    this.certificate = 'valid'
    this.takesRouting = true
    this.latencyMs = 0
    this.scanDelayMs = 0
    this.sendsOfflineMarker = true
    this.batchesOnDemand = false
    this.sendsRestart = true
    this.tellsOfDevices = true
    this.minimumRevision = 0
    this.versionPage = null
    this.upgrades.clear()
    this.logins.clear()
    this.registrations.clear()
    this.lostAcks.clear()
    this.refusedMessages.clear()
    this.withheldAnswers.clear()
    this.errorAnswers.clear()
    this.spoiledBundles.clear()
    this.passkeyDemands.clear()
    this.silencedLogins.clear()
    this.media.clear()
  }

  #strike({ account }: { account?: string }, act: (target: FaultTarget) => void, all = false): number {
    const struck = this.#targets().filter(
      (target) => (account === undefined || target.accountNumber === account) && (all || target.isOpen),
    )
    for (const target of struck) act(target)
    return struck.length
  }
}

/** The stanza of a login failure. */
export function failureStanza({ reason, expireSeconds, code }: LoginFailure): Stanza {
  return stanza('failure', {
    reason: String(reason),
    location: 'cln',
    expire: expireSeconds === undefined ? undefined : String(expireSeconds),
    code: code === undefined ? undefined : String(code),
  })
}

/** The stanza of a stream error. */
export function streamErrorStanza({ code, child: inner }: StreamError): Stanza {
  const content = inner === undefined ? undefined : [streamErrorChild(inner)]
  return stanza('stream:error', { code: code === undefined ? undefined : String(code) }, content)
}

function streamErrorChild({ tag, ...attributes }: NonNullable<StreamError['child']>): Stanza {
  return stanza(tag, attributes)
}

function selects(o: { xmlns: string | undefined; element: string | undefined }): (query: Stanza) => boolean {
  return (query) =>
    (o.xmlns === undefined || query.attrs.xmlns === o.xmlns) &&
    (o.element === undefined || child(query)?.tag === o.element)
}
