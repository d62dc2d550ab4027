import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { Recording } from '../../phones/recording.ts'
import { sendDownload } from '../../server/media/send-download.ts'
import type { BusinessEnvironment } from '../business-environment.ts'
import type { CallFault, Operation } from '../faults/business-faults.ts'
import { newLetters } from '../new-id.ts'
import { findCall } from './find-call.ts'
import { GraphError, unknownObject } from './graph-error.ts'
import { type GraphRequest, readRequest } from './graph-request.ts'

const DOWNLOAD_PATH = '/whatsapp_business/attachments/'

/** A call, and how it was answered. */
export interface GraphRecord {
  at: number
  method: string
  path: string
  /** `null` where the call was refused before it was known. */
  operation: Operation | 'download' | null
  /** Of the business number, E.164. */
  phoneNumber: string | null
  /** `null`: no answer. */
  status: number | null
  /** Meta's code of a refusal. */
  code: number | null
  /** Whether a token or a key came with it. */
  hasToken: boolean
}

/** The HTTP server of the simulated Graph API, and of the files. Paths with any version are the same. */
export class GraphServer {
  readonly records = new Recording<GraphRecord>()
  readonly #env: BusinessEnvironment
  readonly #server: Server

  constructor(env: BusinessEnvironment) {
    this.#env = env
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch(() => response.destroy())
    })
  }

  /** Resolves when it listens, on loopback. Rejects when the port is taken. */
  async start(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  async stop(): Promise<void> {
    this.#server.close()
    this.#server.closeAllConnections()
    this.records.stop()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  /** Throws where it does not listen. */
  get port(): number {
    const address = this.#server.address()
    // A TCP server that listens has an address with a port.
    if (address === null) throw new Error('the simulated Graph API is not running')
    return (address as AddressInfo).port
  }

  async #handle(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const record: GraphRecord = {
      at: this.#env.now(),
      method: message.method ?? 'GET',
      path: new URL(message.url ?? '/', 'http://graph').pathname,
      operation: null,
      phoneNumber: null,
      status: null,
      code: null,
      hasToken: false,
    }
    response.once('close', () => {
      record.status = response.headersSent ? response.statusCode : null
      this.records.add(record)
    })
    try {
      const request = await readRequest(message)
      record.hasToken = request.token !== '' || request.dialogKey !== null
      if (request.path === DOWNLOAD_PATH) await this.#download(request, response, record)
      else await this.#answer(request, response, record)
    } catch (error) {
      const refusal = error instanceof GraphError ? error : new GraphError(1, { message: String(error) })
      record.code = refusal.code
      this.#refuse(response, refusal)
    }
  }

  async #answer(request: GraphRequest, response: ServerResponse, record: GraphRecord): Promise<void> {
    this.#env.stepped('call-in')
    const call = findCall(this.#env, request)
    record.operation = call.operation
    record.phoneNumber = call.number?.phoneNumber ?? null
    const fault = this.#env.faults.struck(call.operation, call.number?.phoneNumber)
    if (fault !== undefined && prevents(fault)) return this.#prevent(response, fault)
    const body = await call.run()
    this.#env.stepped('call-answered')
    if (fault?.kind === 'lost-answer') return void response.destroy()
    if (fault?.kind === 'silence-after') return
    if (fault?.kind === 'late-answer') await delay(fault.afterMs)
    if (fault?.kind === 'body') {
      const { status = 200, contentType = 'application/json' } = fault
      response.writeHead(status, { 'content-type': contentType }).end(fault.body)
      return
    }
    this.#json(response, 200, body)
  }

  #prevent(response: ServerResponse, fault: Prevented): void {
    switch (fault.kind) {
      case 'error':
        throw new GraphError(fault.code, fault)
      case 'page':
        response
          .writeHead(fault.status, {
            'content-type': 'text/html; charset=utf-8',
            ...(fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) }),
          })
          .end(
            '<!DOCTYPE html><html><head><title>Error</title></head><body>Sorry, something went wrong.</body></html>',
          )
        return
      case 'redirect':
        response.writeHead(302, { location: fault.to }).end()
        return
      case 'reset':
        response.destroy()
        return
      case 'silence':
    }
  }

  async #download(request: GraphRequest, response: ServerResponse, record: GraphRecord): Promise<void> {
    const { directory, media, faults, now } = this.#env
    record.operation = 'download'
    const file = media.atAddress(request.query)
    record.phoneNumber = file?.number.phoneNumber ?? null
    const fault = faults.downloads.strike()
    if (fault?.kind === 'status') return void response.writeHead(fault.status).end()
    if (fault?.kind === 'redirect') return void response.writeHead(302, { location: fault.to }).end()
    if (request.dialogKey === null) directory.token(request.token, now())
    if (file === undefined || (request.dialogKey !== null && request.dialogKey !== file.number.accessToken))
      throw new GraphError(100, { ...unknownObject('GET', 'media').options, status: 404 })
    await sendDownload(
      response,
      { status: 200, body: file.bytes, headers: { 'content-type': file.mimeType } },
      fault,
    )
  }

  #refuse(response: ServerResponse, refusal: GraphError): void {
    if (response.headersSent || response.destroyed) return
    const { retryAfter, regainMinutes } = refusal.options
    const usage = {
      '102290129340398': [
        {
          type: 'whatsapp',
          call_count: 100,
          total_cputime: 20,
          total_time: 20,
          estimated_time_to_regain_access: regainMinutes,
        },
      ],
    }
    this.#json(response, refusal.status, refusal.body(newLetters(this.#env.random, 22)), {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      ...(regainMinutes === undefined ? {} : { 'x-business-use-case-usage': JSON.stringify(usage) }),
      ...(refusal.code === 190
        ? { 'www-authenticate': `OAuth "Facebook Platform" "invalid_token" "${refusal.message}"` }
        : {}),
    })
  }

  #json(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
    response
      .writeHead(status, {
        'content-type': 'application/json; charset=UTF-8',
        'facebook-api-version': 'v25.0',
        ...headers,
      })
      .end(JSON.stringify(body))
  }
}

type Prevented = Extract<CallFault, { kind: 'error' | 'page' | 'redirect' | 'reset' | 'silence' }>

function prevents(fault: CallFault): fault is Prevented {
  return ['error', 'page', 'redirect', 'reset', 'silence'].includes(fault.kind)
}
