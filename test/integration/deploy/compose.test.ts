import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
const COMPOSE = join(REPOSITORY, 'deploy/compose')

interface ComposeService {
  image: string
  build?: { context: string; dockerfile: string }
  network_mode?: string
  ports?: string[]
  volumes?: string[]
  read_only?: boolean
  stop_grace_period?: string
}

describe('the compose file', () => {
  const { services, volumes } = parse(readFileSync(join(COMPOSE, 'compose.yaml'), 'utf8')) as {
    services: Record<string, ComposeService>
    volumes: Record<string, unknown>
  }

  it('names files and volumes that are there, and images by a version', () => {
    const here = readdirSync(COMPOSE)
    for (const [, { image, volumes: mounts = [] }] of Object.entries(services)) {
      expect(image).toMatch(/:\d+\.\d+/)
      for (const mount of mounts) {
        const [source = ''] = mount.split(':')
        if (source.startsWith('./')) expect(['config', ...here]).toContain(source.slice(2))
        else expect(Object.keys(volumes)).toContain(source)
      }
    }
    expect(
      readFileSync(
        join(
          COMPOSE,
          services['whatsappd']?.build?.context ?? '',
          services['whatsappd']?.build?.dockerfile ?? '',
        ),
        'utf8',
      ),
    ).toContain('AS debian')
  })

  it('publishes the ports of Caddy alone, which reaches the daemon on its loopback', () => {
    expect(Object.values(services).flatMap(({ ports = [] }) => ports)).toEqual(['80:80', '443:443'])
    expect(services['caddy']?.network_mode).toBe('service:whatsappd')
    expect(readFileSync(join(COMPOSE, 'Caddyfile'), 'utf8')).toContain('reverse_proxy 127.0.0.1:8765')
    expect(services['whatsappd']).toMatchObject({ read_only: true, stop_grace_period: '20s' })
  })

  it('begins with a config that the daemon takes without a notice', () => {
    const text = readFileSync(join(COMPOSE, 'sandbox.config.example.json5'), 'utf8')
    expect(resolveConfig(text, { directory: '/config', env: {}, connectors: CONNECTORS }).notices).toEqual([])
  })
})
