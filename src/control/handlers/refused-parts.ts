import { writtenSteps } from '../../agents/answers/written-steps.ts'
import type { AgentsPort } from '../ports.ts'
import type { Refusals } from './handler.ts'

/** A piece of a file that is refused leaves a hole: the answer learns of it, so that the file is not made of the other pieces. */
export function refusedParts({ agents }: { agents: Pick<AgentsPort, 'take'> }): Refusals {
  return {
    'agent.part': ({ turn, part }, { peer }) => {
      const isPiece = writtenSteps(part)?.some(({ type }) => type === 'data' || type === 'badData') === true
      if (peer !== null && typeof turn === 'string' && isPiece) agents.take(peer, turn, { type: 'lostPiece' })
    },
  }
}
