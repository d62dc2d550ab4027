import type { DoctorFinding, DoctorReport } from '../../../protocol/doctor-report.ts'
import { wrapWords } from '../../wrap-words.ts'

const MARKS: Readonly<Record<DoctorFinding['level'], string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'PROBLEM',
}
const INDENT = '         '

/** The report for a terminal of 80 columns: problems last, where they are seen. Words that are longer, such as paths, stay whole. */
export function doctorText({ findings, configPath, stateDirectory, version }: DoctorReport): string {
  const order: DoctorFinding['level'][] = ['ok', 'warning', 'problem']
  const sorted = order.flatMap((level) => findings.filter((finding) => finding.level === level))
  const count = (level: DoctorFinding['level']): number =>
    findings.filter((finding) => finding.level === level).length
  return [
    `whatsappd ${version}`,
    `config file      ${configPath}`,
    `state directory  ${stateDirectory}`,
    '',
    ...sorted.flatMap(linesOf),
    '',
    `${amount(count('problem'), 'problem')}, ${amount(count('warning'), 'warning')}, ${count('ok')} fine.`,
  ].join('\n')
}

function linesOf({ level, check, subject, message, action }: DoctorFinding): string[] {
  const what = `${subject === null ? '' : `${subject}: `}${message} (${check})`
  const lines = wrapWords(what, `${MARKS[level].padEnd(INDENT.length - 1)} `)
  return action === null ? lines : [...lines, ...wrapWords(action, `${INDENT}-> `)]
}

function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
