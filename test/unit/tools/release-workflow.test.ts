/** The workflow cannot run here. What it relies on can be held all the same: targets that exist, pinned actions, small permissions. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

interface Step {
  uses?: string
  run?: string
  with?: Record<string, string>
}

interface Workflow {
  permissions: object
  jobs: Record<string, { permissions: Record<string, string>; steps: Step[]; environment?: string }>
}

// Its shape is what the tests below look at.
const workflow = parse(read('.github/workflows/release.yml')) as Workflow
const jobs = Object.entries(workflow.jobs)
const steps = jobs.flatMap(([, job]) => job.steps)

describe('the workflow of releases', () => {
  it('uses actions that are pinned to a commit', () => {
    const uses = steps.flatMap((step) => step.uses ?? [])
    expect(uses.length).toBeGreaterThan(3)
    expect(uses.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action))).toEqual([])
  })

  it('gives the permission to publish to one job, which runs nothing of ours', () => {
    expect(workflow.permissions).toEqual({})
    const publishing = jobs.filter(([, { permissions }]) => permissions['id-token'] !== undefined)
    expect(publishing.map(([name]) => name)).toEqual(['publish'])
    const [, job] = publishing[0] ?? []
    expect(job?.environment).toBe('npm')
    const commands = job?.steps.flatMap(({ run }) => run ?? []) ?? []
    expect(
      commands.filter((command) => /\b(npm (ci|install|run|exec)|npx|make|node|bash)\b/.test(command)),
    ).toEqual([])
    expect(job?.steps.some(({ uses }) => uses?.startsWith('actions/checkout') === true)).toBe(false)
    expect(commands).toContain('npm publish ./release/whatsappd-*.tgz --provenance --access public')
  })

  it('runs what exists', () => {
    const commands = steps.flatMap(({ run }) => run ?? [])
    const targets = commands.flatMap((command) => /^make (\S+)/.exec(command)?.[1] ?? [])
    expect(targets).toEqual(['release'])
    for (const target of targets) expect(read('Makefile')).toMatch(new RegExp(`^${target}:`, 'm'))
    expect(commands).toContain('bash .ci/run')
    expect(existsSync(join(ROOT, '.ci/run'))).toBe(true)
  })

  it('names configs that exist and fit each other', () => {
    const { with: files = {} } = steps.find(({ uses }) => uses?.includes('release-please') === true) ?? {}
    const config = JSON.parse(read(files['config-file'] ?? '')) as {
      packages: Record<string, { 'changelog-path': string }>
    }
    const versions = JSON.parse(read(files['manifest-file'] ?? '')) as Record<string, string>
    const { version } = JSON.parse(read('package.json')) as { version: string }
    expect(versions).toEqual({ '.': version })
    expect(existsSync(join(ROOT, config.packages['.']?.['changelog-path'] ?? ''))).toBe(true)
  })
})
