import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { RealProxy } from '../../../support/proxies/real-proxy.ts'
import { TlsFront } from '../../../support/proxies/tls-front.ts'
import { RedisServer } from '../../../support/redis-server.ts'
import { freePort } from '../../../support/tunnels/free-port.ts'
import type { Fault, Patient } from '../patient.ts'

const HOUR_MS = 3_600_000
const CHAT = '/ws/chat'

const secure = async (
  patient: Patient,
  name: string,
): Promise<{ front: TlsFront; cert: string; url: string }> => {
  const certificate = await TlsFront.certificateFor(name)
  const front = await TlsFront.start(certificate, patient.serverPort)
  onTestFinished(() => front.stop())
  const cert = join(patient.directory, 'company.pem')
  writeFileSync(cert, certificate.cert)
  return { front, cert, url: `wss://${name}:${front.port}${CHAT}` }
}

const redisOf = new WeakMap<Patient, RedisServer>()
const planned = new WeakMap<Patient, Record<string, unknown>>()
const noProxies = RealProxy.obstacle()
if (noProxies !== null) console.warn(`no test of a proxy that wants a password: ${noProxies}`)

/** The way to WhatsApp, and what else is asked over the network. */
export const FAULTS_OF_NETWORK: readonly Fault[] = [
  {
    name: 'a server that does not answer',
    check: 'network.whatsapp',
    level: 'problem',
    says: /127\.0\.0\.1:\d+ cannot be reached: ECONNREFUSED.*Check the network and the firewall/,
    plant: (patient) => patient.stopServer(),
    cure: (patient) => patient.startServer(),
  },
  {
    name: 'a name that nobody resolves',
    check: 'network.name',
    level: 'problem',
    says: /chat\.invalid cannot be reached: its name (?:cannot be|was not) resolved.*resolv\.conf/,
    plant: (patient) => patient.writeConfig({}, { whatsapp: { webSocketUrl: `wss://chat.invalid${CHAT}` } }),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a clock that is three hours slow',
    check: 'machine.clock',
    level: 'problem',
    says: /clock of this machine is 3 hours behind that of 127\.0\.0\.1.*timedatectl/,
    plant: (patient) => void (patient.serverAheadMs = 3 * HOUR_MS),
    cure: (patient) => void (patient.serverAheadMs = 0),
  },
  {
    name: 'a clock that is two minutes fast',
    check: 'machine.clock',
    level: 'warning',
    says: /clock of this machine is (?:119|120|121) seconds ahead|is 2 minutes ahead/,
    plant: (patient) => void (patient.serverAheadMs = -120_000),
    cure: (patient) => void (patient.serverAheadMs = 0),
  },
  {
    name: 'a company network that opens TLS',
    check: 'network.whatsapp',
    level: 'problem',
    says: /cannot be reached: (?:DEPTH_ZERO_)?SELF_SIGNED.*whatsappd\.caFile/,
    plant: async (patient) => {
      const { cert, url } = await secure(patient, 'localhost')
      planned.set(patient, { whatsapp: { webSocketUrl: url }, caFile: cert })
      patient.writeConfig({}, { whatsapp: { webSocketUrl: url } })
    },
    cure: (patient) => patient.writeConfig({}, planned.get(patient)),
  },
  {
    name: 'a file of certificates that is not there',
    check: 'network.proxy',
    level: 'problem',
    says: /whatsappd\.caFile cannot be read/,
    plant: (patient) => patient.writeConfig({}, { caFile: join(patient.directory, 'gone.pem') }),
    cure: async (patient) => {
      const { cert } = await TlsFront.certificateFor('localhost')
      writeFileSync(join(patient.directory, 'gone.pem'), cert)
    },
  },
  {
    name: 'a proxy that does not run',
    check: 'network.proxy',
    level: 'problem',
    says: /The proxy 127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\).*Start it/,
    plant: async (patient) => {
      const port = await freePort()
      planned.set(patient, { port })
      patient.writeConfig({}, { proxy: `http://127.0.0.1:${port}` })
    },
    cure: async (patient) => {
      const server = createServer().listen(Number(planned.get(patient)?.['port']), '127.0.0.1')
      onTestFinished(() => void server.close())
      await once(server, 'listening')
    },
  },
  {
    name: 'a proxy whose address cannot be read',
    check: 'network.proxy',
    level: 'problem',
    says: /whatsappd\.proxy is no proxy/,
    plant: (patient) => {
      patient.env['THE_PROXY'] = 'not a proxy'
      patient.writeConfig({}, { proxy: { env: 'THE_PROXY' } })
    },
    cure: ({ env }) => void (env['THE_PROXY'] = 'none'),
  },
  ...(noProxies === null
    ? [
        {
          name: 'a password that the proxy does not accept',
          check: 'network.whatsapp',
          level: 'problem',
          says: /whatsapp\.test:\d+ cannot be reached: the proxy wants a user and a password.*Correct address, user and password/,
          plant: async (patient: Patient) => {
            const proxy = await RealProxy.start('tinyproxy')
            onTestFinished(() => proxy.stop())
            const { cert, url } = await secure(patient, 'whatsapp.test')
            planned.set(patient, { right: proxy.url() })
            patient.env['THE_PROXY'] = proxy.url('hunter2')
            const settings = { whatsapp: { webSocketUrl: url }, caFile: cert, proxy: { env: 'THE_PROXY' } }
            patient.writeConfig({}, settings)
          },
          cure: (patient: Patient) =>
            void (patient.env['THE_PROXY'] = String(planned.get(patient)?.['right'])),
        } as const,
      ]
    : []),
  {
    name: 'a lock server that does not run',
    check: 'lock.server',
    level: 'problem',
    says: /The lock server cannot be asked.*Start the server, or correct whatsappd\.lock\.redis\.url/,
    plant: async (patient) => {
      const redis = await RedisServer.prepare()
      onTestFinished(() => redis.end())
      redisOf.set(patient, redis)
      patient.writeConfig({}, { lock: { redis: { url: redis.url } } })
    },
    cure: (patient) => redisOf.get(patient)?.start(),
  },
  {
    name: 'a client version that WhatsApp has refused',
    check: 'client.version',
    level: 'warning',
    says: /WhatsApp refused the client version of this build; the current one \(2\.3000\.1999999999\).*Upgrade whatsappd/,
    plant: async (patient) => {
      const { DEFAULT_CONNECTION_CONFIG } = await import('@whiskeysockets/baileys')
      patient.surroundings.versionPage = `http://127.0.0.1:${patient.serverPort}/sw.js`
      const kept = { bundled: DEFAULT_CONNECTION_CONFIG.version, found: [2, 3000, 1_999_999_999] }
      writeFileSync(join(patient.stateDirectory, 'client-version.json'), JSON.stringify(kept), {
        mode: 0o600,
      })
    },
    // A newer build takes no notice of what an older one found.
    cure: ({ stateDirectory }) => {
      const path = join(stateDirectory, 'client-version.json')
      rmSync(path)
      writeFileSync(path, JSON.stringify({ bundled: [2, 3000, 1], found: [2, 3000, 2] }), { mode: 0o600 })
    },
  },
]
