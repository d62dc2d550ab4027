import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freePort } from '../../../support/tunnels/free-port.ts'
import { ALLOWED, type Fault, type Patient } from '../patient.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

/** Lists models to whoever has the key; also of what writes down voice messages. */
async function serveModels(port: number, models: readonly string[], key = 'right'): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${key}`) response.statusCode = 401
    response.end(JSON.stringify({ data: models.map((id) => ({ id })) }))
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port // listens on a port
const ports = new WeakMap<Patient, number>()

const chat = (port: number, further: Record<string, unknown> = {}): Record<string, unknown> => ({
  agents: {
    ada: {
      connector: 'openai-chat',
      baseUrl: `http://127.0.0.1:${port}/v1`,
      model: 'llama3.2',
      apiKey: { env: 'MODEL_KEY' },
      ...further,
    },
  },
})
const command = (program: string, further: Record<string, unknown> = {}): Record<string, unknown> => ({
  agents: { ada: { connector: 'command', program, ...further } },
})

/** Who answers, and who writes down voice messages. */
export const FAULTS_OF_AGENTS: readonly Fault[] = [
  {
    name: 'an assistant whose program is not there',
    check: 'agent.program',
    level: 'problem',
    says: /does not exist.*Correct agents\.ada\.program .*or install it there/,
    plant: (patient) => patient.writeConfig(command(join(patient.directory, 'bot'))),
    cure: ({ directory }) => writeFileSync(join(directory, 'bot'), '#!/bin/sh\ncat\n', { mode: 0o755 }),
  },
  {
    name: 'an assistant whose program cannot be started',
    check: 'agent.program',
    level: 'problem',
    says: /agents\.ada\.program .*executable: chmod u\+x/,
    plant: (patient) => {
      const program = join(patient.directory, 'bot')
      writeFileSync(program, '#!/bin/sh\ncat\n', { mode: 0o644 })
      patient.writeConfig(command(program))
    },
    cure: ({ directory }) => chmodSync(join(directory, 'bot'), 0o744),
  },
  {
    name: 'an assistant whose program everybody can change',
    check: 'agent.program',
    level: 'problem',
    says: /chmod o-w '/,
    plant: (patient) => {
      const program = join(patient.directory, 'bot')
      writeFileSync(program, '#!/bin/sh\ncat\n')
      chmodSync(program, 0o777)
      patient.writeConfig(command(program))
    },
    cure: (patient, action) => patient.follow(action, /chmod o-w '[^']*'/),
  },
  {
    name: 'a variable of an assistant that is not set',
    check: 'agent.keys',
    level: 'problem',
    says: /environment\.A_KEY cannot be read here.*Set the variable/,
    plant: (patient) => patient.writeConfig(command('cat', { environment: { A_KEY: { env: 'A_KEY' } } })),
    cure: ({ env }) => void (env['A_KEY'] = 'given'),
  },
  {
    name: 'a model server that does not run',
    check: 'agent.server',
    level: 'problem',
    says: /Nothing answers|refused|reached/i,
    plant: async (patient) => {
      patient.env['MODEL_KEY'] = 'right'
      ports.set(patient, await freePort())
      patient.writeConfig(chat(ports.get(patient) ?? 0))
    },
    cure: (patient) => serveModels(ports.get(patient) ?? 0, ['llama3.2']),
  },
  {
    name: 'a model that the server does not have',
    check: 'agent.server',
    level: 'warning',
    says: /model.*agents\.ada\.model/i,
    plant: async (patient) => {
      patient.env['MODEL_KEY'] = 'right'
      const server = await serveModels(0, ['llama3.2'])
      ports.set(patient, portOf(server))
      patient.writeConfig(chat(portOf(server), { model: 'lama3.2' }))
    },
    cure: (patient) => patient.writeConfig(chat(ports.get(patient) ?? 0)),
  },
  {
    name: 'a key that the model server does not accept',
    check: 'agent.server',
    level: 'problem',
    says: /key.*apiKey/i,
    plant: async (patient) => {
      patient.env['MODEL_KEY'] = 'wrong'
      patient.writeConfig(chat(portOf(await serveModels(0, ['llama3.2']))))
    },
    cure: ({ env }) => void (env['MODEL_KEY'] = 'right'),
  },
  {
    name: 'an assistant by webhook whose secret cannot sign',
    check: 'agent.secret',
    level: 'problem',
    says: /whsec_/,
    plant: async (patient) => {
      const url = `http://127.0.0.1:${portOf(await serveModels(0, []))}/`
      patient.env['HOOK_SECRET'] = 'weak'
      patient.writeConfig({ agents: { ada: { connector: 'webhook', url, secret: { env: 'HOOK_SECRET' } } } })
    },
    cure: ({ env }) => void (env['HOOK_SECRET'] = SECRET),
  },
  {
    name: 'no assistant at all',
    check: 'agent.assistant',
    level: 'warning',
    says: /people get their own words back.*channels\.whatsapp\.agents/,
    plant: (patient) => patient.config({ allowFrom: [ALLOWED] }),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a server for voice messages that does not run',
    check: 'voice.transcription',
    level: 'problem',
    says: /transcription\.baseUrl/,
    plant: async (patient) => {
      patient.env['VOICE_KEY'] = 'right'
      ports.set(patient, await freePort())
      const baseUrl = `http://127.0.0.1:${ports.get(patient)}/v1`
      patient.writeConfig({ transcription: { baseUrl, model: 'whisper-1', apiKey: { env: 'VOICE_KEY' } } })
    },
    cure: (patient) => serveModels(ports.get(patient) ?? 0, ['whisper-1']),
  },
]
