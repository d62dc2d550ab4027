import type { FaultKind } from './fault-kind.ts'

/** The control: whatever is found in a run without a fault was not caused by one. */
export const NO_FAULT: FaultKind = {
  name: 'nothing',
  weight: 2,
  plan: () => ({ parameters: {}, strike: async () => {} }),
}
