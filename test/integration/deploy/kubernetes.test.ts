import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StatefulSet } from 'kubernetes-types/apps/v1.js'
import type { ConfigMap, Service } from 'kubernetes-types/core/v1.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { CONNECTORS } from '../../../src/agents/registry.ts'
import { resolveConfig } from '../../../src/config/read/resolve.ts'
import { CommandLine } from '../../support/command-line.ts'

const REPOSITORY = join(import.meta.dirname, '../../..')
const KINDS = {
  ConfigMap: 'core/v1',
  Ingress: 'networking/v1',
  Namespace: 'core/v1',
  NetworkPolicy: 'networking/v1',
  Service: 'core/v1',
  ServiceAccount: 'core/v1',
  StatefulSet: 'apps/v1',
} as const
const CONFIG = 'sandbox.config.json5'
/** The daemon gives up an orderly stop after this. */
const STOP_SECONDS = 9

interface Resource {
  kind: keyof typeof KINDS
  metadata: { name: string }
}

const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0
if (!hasKubectl) console.warn('no test of the manifests, which need kubectl of the package kubernetes-client')

describe.runIf(hasKubectl)('the manifests for Kubernetes', () => {
  let directory: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'whatsappd-kubernetes-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  function render(folder: string): Resource[] {
    const text = execFileSync('kubectl', ['kustomize', join(REPOSITORY, 'deploy/kubernetes', folder)], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: directory },
    })
    // What kubectl rendered are resources; the compiler judges their fields below.
    return parseAllDocuments(text).map((document) => document.toJS() as Resource)
  }
  function find<Kind extends keyof typeof KINDS>(folder: string, kind: Kind): unknown {
    const found = render(folder).filter((resource) => resource.kind === kind)
    expect(found).toHaveLength(1)
    return found[0]
  }
  const statefulSet = (): StatefulSet => find('overlays/example', 'StatefulSet') as StatefulSet
  const configOf = (folder: string): string => (find(folder, 'ConfigMap') as ConfigMap).data?.[CONFIG] ?? ''
  const pod = () => {
    const spec = statefulSet().spec?.template.spec
    const [container, ...others] = spec?.containers ?? []
    if (spec === undefined || container === undefined || others.length > 0)
      throw new Error('not one container')
    return { spec, container }
  }

  /** What the compiler says of resources as values of the API's types, which know no field beyond the API's. */
  function complaints(resources: readonly Resource[]): string {
    symlinkSync(join(REPOSITORY, 'node_modules'), join(directory, 'node_modules'))
    const lines = resources.map((resource, index) => {
      const type = `import('kubernetes-types/${KINDS[resource.kind]}.js').${resource.kind}`
      return `export const resource${index}: ${type} = ${JSON.stringify(resource, null, 1)}`
    })
    writeFileSync(join(directory, 'resources.ts'), lines.join('\n'))
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', '']
    const compiler = join(REPOSITORY, 'node_modules/typescript/bin/tsc')
    const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, 'resources.ts'], {
      cwd: directory,
      encoding: 'utf8',
    })
    rmSync(join(directory, 'node_modules'))
    return status === 0 ? '' : stdout
  }

  it('are resources of the API, with no field that it does not know', () => {
    const resources = [...render('base'), ...render('overlays/example')]
    expect([...new Set(resources.map(({ kind }) => kind))].toSorted()).toEqual(Object.keys(KINDS))
    expect(complaints(resources)).toBe('')
    const misspelt = JSON.parse(
      JSON.stringify(resources).replace('"livenessProbe"', '"livenessProb"'),
    ) as Resource[]
    expect(complaints(misspelt)).toMatch(/livenessProb\b.* does not exist/)
    const wrong = JSON.parse(
      JSON.stringify(resources).replace('"replicas":1', '"replicas":"1"'),
    ) as Resource[]
    expect(complaints(wrong)).toContain("'string' is not assignable to type 'number'")
  })

  it('restart and hide no daemon that waits for a scan', () => {
    const { container } = pod()
    for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe])
      expect(probe?.httpGet).toEqual({ path: '/livez', port: 'http' })
    const service = find('overlays/example', 'Service') as Service
    expect(service.spec?.publishNotReadyAddresses).toBe(true)
  })

  it('run one daemon, with its own name, as restricted as pods can be, and let it stop in order', () => {
    const { spec, container } = pod()
    expect(statefulSet().spec?.replicas).toBe(1)
    expect(spec.terminationGracePeriodSeconds).toBeGreaterThan(STOP_SECONDS)
    expect(spec.automountServiceAccountToken).toBe(false)
    expect(spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    })
    const names = container.env?.map(({ name }) => name) ?? []
    expect(names.indexOf('POD_NAME')).toBeLessThan(names.indexOf('WHATSAPPD_INSTANCE_ID'))
    expect(spec.volumes?.some((volume) => volume.hostPath !== undefined)).toBe(false)
  })

  it.each(['base', 'overlays/example'])(
    '%s mounts a config that the daemon takes without a notice',
    (folder) => {
      const text = configOf(folder)
      const { notices } = resolveConfig(text, {
        directory: '/config',
        env: { AGENT_API_KEY: 'k' },
        connectors: CONNECTORS,
      })
      expect(notices).toEqual([])
      // A name with a hash would restart the pod; a mounted file would never change.
      expect((find(folder, 'ConfigMap') as ConfigMap).metadata?.name).toBe('whatsappd-config')
      const mount = pod().container.volumeMounts?.find(({ name }) => name === 'config')
      expect(mount).toEqual({ mountPath: '/config', name: 'config', readOnly: true })
    },
  )

  it('are followed while the daemon runs: the node swaps the directory behind a link', async () => {
    const mounted = join(directory, 'config')
    const project = (version: string, text: string): void => {
      mkdirSync(join(mounted, version), { recursive: true })
      writeFileSync(join(mounted, version, CONFIG), text)
      symlinkSync(version, join(mounted, '..data_tmp'))
      renameSync(join(mounted, '..data_tmp'), join(mounted, '..data'))
    }
    project('..2026_11_30_1', configOf('base'))
    symlinkSync(join('..data', CONFIG), join(mounted, CONFIG))
    const words = [
      'run',
      '--port',
      '0',
      '--config',
      join(mounted, CONFIG),
      '--state-dir',
      join(directory, 'state'),
    ]
    const daemon = new CommandLine(words)
    try {
      await daemon.waitFor(/Nobody is allowed/)
      project('..2026_11_30_2', configOf('overlays/example'))
      await daemon.waitFor(/configured but not connected/)
    } finally {
      await daemon.end()
    }
  })
})
