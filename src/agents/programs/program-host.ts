import type { ConnectorContext, ProgramPlace } from '../connector.ts'

/** What starting a program needs to know of its agent and of the daemon. */
export type ProgramHost = ProgramPlace & Pick<ConnectorContext, 'id' | 'shown'>
