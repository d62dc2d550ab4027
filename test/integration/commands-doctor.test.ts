import { readdirSync, writeFileSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { doctorReportSchema, type DoctorReport } from '../../src/protocol/doctor-report.ts'
import { CommandLine } from '../support/command-line.ts'
import { ALICE, OWNER, Stack } from '../support/stack.ts'

let stack: Stack
afterEach(() => stack.stop())

async function doctor(...options: string[]): Promise<{ code: number | null; report: DoctorReport }> {
  const env = { WHATSAPPD_STATE_DIR: stack.stateDir }
  const { code, stdout } = await CommandLine.run(['doctor', '--json', ...options], env)
  return { code, report: doctorReportSchema.parse(JSON.parse(stdout)) }
}

const filesIn = (directory: string): Set<string> =>
  new Set(readdirSync(directory, { recursive: true }).map(String))

const levelsOf = ({ findings }: DoctorReport, check: string): string[] =>
  findings.filter((finding) => finding.check === check).map(({ level }) => level)

it('looks at a running daemon, follows what becomes of it, and disturbs nothing', async () => {
  stack = await Stack.start()
  await stack.link()
  const filesBefore = filesIn(stack.stateDir)
  const { code, report } = await doctor()
  expect(report.findings.filter(({ level }) => level === 'problem')).toEqual([])
  expect({ code, ok: report.ok, daemon: report.daemon }).toEqual({ code: 0, ok: true, daemon: 'running' })
  expect(report.configPath).toBe(stack.configPath)
  expect(levelsOf(report, 'account.link')).toEqual(['ok'])
  expect(filesIn(stack.stateDir)).toEqual(filesBefore)

  // A broken config is a finding, and the rest is looked at all the same.
  writeFileSync(stack.configPath, '{ channels: { whatsapp: { allowFrom: [')
  const broken = await doctor()
  expect(broken.code).toBe(1)
  expect(levelsOf(broken.report, 'config.file')).toEqual(['problem'])
  expect(levelsOf(broken.report, 'account.link')).toEqual(['ok'])

  const text = await CommandLine.run(['doctor'], { WHATSAPPD_STATE_DIR: stack.stateDir })
  expect(text).toMatchObject({ code: 1, stderr: 'whatsappd: 1 problem; see above\n' })
  expect(text.stdout).toMatch(/PROBLEM[\s\S]*1 problem, \d+ warnings?, \d+ fine\.\n$/)
  for (const output of [JSON.stringify(report), JSON.stringify(broken.report), text.stdout])
    for (const number of [OWNER, ALICE]) expect(output).not.toContain(number.slice(1))
})
