/** `whatsappd doctor`, where something is wrong: each planted fault is found, and what a person does who follows the advice ends it. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { DoctorFinding } from '../../../src/protocol/doctor-report.ts'
import { CommandLine } from '../../support/command-line.ts'
import { ALLOWED, type Fault, Patient } from './patient.ts'
import { FAULTS_OF_AGENTS } from './faults/faults-of-agents.ts'
import { FAULTS_OF_FILES } from './faults/faults-of-files.ts'
import { FAULTS_OF_MACHINE } from './faults/faults-of-machine.ts'
import { FAULTS_OF_NETWORK } from './faults/faults-of-network.ts'
import { FAULTS_OF_SETTINGS } from './faults/faults-of-settings.ts'

const FAULTS: readonly Fault[] = [
  ...FAULTS_OF_SETTINGS,
  ...FAULTS_OF_FILES,
  ...FAULTS_OF_NETWORK,
  ...FAULTS_OF_AGENTS,
  ...FAULTS_OF_MACHINE,
]

const bad = (findings: readonly DoctorFinding[]): DoctorFinding[] =>
  findings.filter(({ level }) => level !== 'ok')
const checksOf = (findings: readonly DoctorFinding[]): string[] => [
  ...new Set(bad(findings).map(({ check }) => check)),
]

/** Everything that a person could see of the files of a directory, but when they were read last. */
function stateOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true })
    .map(String)
    .toSorted((one, other) => one.localeCompare(other))
    .map((name) => {
      const path = join(directory, name)
      const stat = lstatSync(path)
      const content = stat.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : ''
      return [name, stat.mode, stat.uid, stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs, content].join(' ')
    })
}

it.each(FAULTS)('finds $name by $check, and its cure ends it', async ({ plant, cure, ...fault }) => {
  const patient = new Patient()
  const before = checksOf(await patient.lookAtAll())
  await plant(patient)
  const planted = stateOf(patient.directory)
  const found = bad(await patient.lookAtAll()).filter(({ check }) => check === fault.check)
  // Looking changes nothing, whatever is wrong.
  expect(stateOf(patient.directory)).toEqual(planted)
  expect(found.map(({ level }) => level)).toContain(fault.level)
  const words = found.map(({ message, action }) => `${message} ${action}`).join('\n')
  expect(words).toMatch(fault.says)
  for (const secret of [ALLOWED.slice(1), 'hunter2']) expect(words).not.toContain(secret)

  const advised = found.find(({ level }) => level === fault.level)
  await cure(patient, advised?.action ?? null)
  const after = await patient.lookAtAll()
  expect(bad(after).filter(({ check }) => check === fault.check)).toEqual([])
  // Nor is anything else wrong now that was right before.
  const allowed = new Set([...before, ...(fault.leaves ?? [])])
  expect(bad(after).filter(({ check }) => !allowed.has(check))).toEqual([])
})

it('plants thirty different faults and more, and no check twice in the same way', () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(30)
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length)
})

it('says the same as a command, in 80 columns, with the exit code of a problem', async () => {
  const patient = new Patient()
  const run = (...options: string[]) =>
    CommandLine.run(
      ['doctor', '--state-dir', patient.stateDirectory, '--config', patient.configPath, ...options],
      {
        ...patient.env,
      },
    )
  const right = await run()
  expect(right).toMatchObject({ code: 0, stderr: '' })
  patient.writeConfig({ allowFrom: [] })
  const before = stateOf(patient.directory)
  const wrong = await run()
  expect(stateOf(patient.directory)).toEqual(before)
  expect(wrong.code).toBe(1)
  for (const line of `${right.stdout}${wrong.stdout}`.split('\n'))
    if (!line.includes(patient.directory)) expect(line.length, line).toBeLessThanOrEqual(80)
})
