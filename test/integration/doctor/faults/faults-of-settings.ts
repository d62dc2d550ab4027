import { once } from 'node:events'
import { chmodSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { ALLOWED, type Fault } from '../patient.ts'

const WEAK = 'x'
const agentWithKey = (key: unknown): Record<string, unknown> => ({
  agents: { ada: { connector: 'command', program: 'cat', environment: { A_KEY: key } } },
})
let taken: Server | null = null

/** The config file, and what stands in it of the daemon and of who may write. */
export const FAULTS_OF_SETTINGS: readonly Fault[] = [
  {
    name: 'no config file',
    check: 'config.file',
    level: 'problem',
    says: /There is no config file .*Create it/,
    plant: ({ configPath }) => rmSync(configPath),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a config file that is torn off',
    check: 'config.file',
    level: 'problem',
    says: /line 1.*Correct/,
    plant: (patient) => patient.write('{ channels: { whatsapp: {'),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a directory in the place of the config file',
    check: 'config.file',
    level: 'problem',
    says: /is not a file/,
    plant: ({ configPath }) => {
      rmSync(configPath)
      mkdirSync(configPath)
    },
    cure: (patient) => {
      rmdirSync(patient.configPath)
      patient.writeConfig()
    },
  },
  {
    name: 'an entry of the allowlist that is no number',
    check: 'config.file',
    level: 'problem',
    says: /allowFrom.*Correct/,
    plant: (patient) => patient.writeConfig({ allowFrom: [ALLOWED, '0170 12'] }),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a default agent that is none',
    check: 'config.file',
    level: 'problem',
    says: /defaultAgent.*Correct/,
    plant: (patient) => patient.writeConfig({ defaultAgent: 'bob' }),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a secret that stands in the config file',
    check: 'config.notes',
    level: 'warning',
    says: /ada\.environment\.A_KEY: A secret is written here in clear text.*\{ env: "NAME" \}/,
    plant: (patient) => patient.writeConfig(agentWithKey('hunter2')),
    cure: (patient) => {
      patient.env['A_KEY'] = 'hunter2'
      patient.writeConfig(agentWithKey({ env: 'A_KEY' }))
    },
  },
  {
    name: 'a config file that everybody can change',
    check: 'config.writers',
    level: 'problem',
    says: /Other users can change .*chmod o-w/,
    plant: ({ configPath }) => chmodSync(configPath, 0o606),
    cure: (patient, action) => patient.follow(action, /chmod o-w '[^']*'/),
  },
  {
    name: 'an allowlist without anybody',
    check: 'account.allowlist',
    level: 'problem',
    says: /Nobody is allowed.*Add at least one phone number to channels\.whatsapp\.allowFrom/,
    plant: (patient) => patient.writeConfig({ allowFrom: [] }),
    cure: (patient) => patient.writeConfig(),
  },
  {
    name: 'a paused account',
    check: 'account.allowlist',
    level: 'warning',
    says: /is paused.*enabled to true/,
    plant: (patient) => patient.writeConfig({ enabled: false }),
    cure: (patient) => patient.writeConfig({ enabled: true }),
  },
  {
    name: 'a port that another program has',
    check: 'daemon.port',
    level: 'problem',
    says: /Another program uses port \d+.*End it/,
    plant: async (patient) => {
      taken = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
      await once(taken, 'listening')
      const address = taken.address()
      patient.writeConfig({}, { listen: { port: typeof address === 'object' ? address?.port : 0 } })
    },
    cure: async () => {
      taken?.close()
      if (taken !== null) await once(taken, 'close')
    },
  },
  {
    name: 'a control plane that the network reaches',
    check: 'control.listen',
    level: 'warning',
    says: /listens on 0\.0\.0\.0, without TLS.*listen\.host to "127\.0\.0\.1".*docs\/tunnels\.md/,
    plant: (patient) => patient.writeConfig({}, { listen: { host: '0.0.0.0', port: 0 } }),
    cure: (patient) => patient.writeConfig({}, { listen: { host: '127.0.0.1', port: 0 } }),
  },
  {
    name: 'a key of a dashboard that is not set',
    check: 'control.keys',
    level: 'problem',
    says: /jwtKeys\[0\]\.secret.*no token is accepted by it.*openssl rand -base64 48/,
    plant: (patient) =>
      patient.writeConfig(
        {},
        {
          auth: {
            jwtKeys: [{ secret: { env: 'DASHBOARD_SECRET' } }],
            issuer: 'dashboard',
            audience: 'sandbox-1',
            subjects: ['*'],
          },
        },
      ),
    cure: (patient, action) => {
      patient.env['DASHBOARD_SECRET'] = patient.follow(action, /openssl rand .*/).trim()
    },
  },
  {
    name: 'a webhook whose secret cannot sign',
    check: 'webhook.secret',
    level: 'problem',
    says: /cannot sign.*echo "whsec_/,
    plant: (patient) => {
      patient.env['HOOK_SECRET'] = WEAK
      const hook = { url: 'http://127.0.0.1:9/hook', secret: { env: 'HOOK_SECRET' } }
      patient.writeConfig({ webhooks: [hook] })
    },
    cure: (patient, action) => {
      patient.env['HOOK_SECRET'] = patient.follow(action, /echo .*/).trim()
    },
  },
  {
    name: 'a Node that is too old',
    check: 'node.version',
    level: 'problem',
    says: /is too old.*Install Node 99\.0\.0/,
    plant: (patient) => {
      const root = join(patient.directory, 'package')
      mkdirSync(root)
      writeFileSync(join(root, 'package.json'), JSON.stringify({ engines: { node: '>=99.0.0' } }))
      patient.packageRoot = root
    },
    cure: ({ packageRoot }) =>
      writeFileSync(
        join(packageRoot, 'package.json'),
        JSON.stringify({ engines: { node: `>=${process.versions.node}` } }),
      ),
  },
]
