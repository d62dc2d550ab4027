import type { DoctorFinding } from '../../../protocol/doctor-report.ts'
import type { DoctorFacts } from './doctor-facts.ts'

/** What a check has found; the registry adds its id. */
export type Found = Omit<DoctorFinding, 'check'> & { check?: string }

/** One thing that `whatsappd doctor` looks at. It changes nothing, prints no secret, and names numbers only as `status` does. */
export interface Check {
  /** Stable: scripts look for it. */
  id: string
  /** What is looked at, for the documents. */
  looksAt: string
  /** What throws is a finding, too. */
  look(facts: DoctorFacts, signal: AbortSignal): Found[] | Promise<Found[]>
}

export function fine(message: string, subject: string | null = null): Found {
  return { level: 'ok', subject, message, action: null }
}

export function warning(message: string, action: string, subject: string | null = null): Found {
  return { level: 'warning', subject, message, action }
}

export function problem(message: string, action: string, subject: string | null = null): Found {
  return { level: 'problem', subject, message, action }
}
