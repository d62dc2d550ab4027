import { ASSISTANT_FAULTS } from './assistant-faults.ts'
import type { FaultKind } from './fault-kind.ts'
import { FILE_FAULTS } from './file-faults.ts'
import { MACHINE_FAULTS } from './machine-faults.ts'
import { MESSAGE_FAULTS } from './message-faults.ts'
import { NETWORK_FAULTS } from './network-faults.ts'
import { NO_FAULT } from './no-fault.ts'
import { PROCESS_FAULTS } from './process-faults.ts'
import { SERVER_FAULTS } from './server-faults.ts'

/** Every way to hurt a bot. */
export const ALL_FAULTS: readonly FaultKind[] = [
  ...PROCESS_FAULTS,
  ...NETWORK_FAULTS,
  ...MESSAGE_FAULTS,
  ...SERVER_FAULTS,
  ...MACHINE_FAULTS,
  ...ASSISTANT_FAULTS,
  ...FILE_FAULTS,
  NO_FAULT,
]
