import type { AgentPool } from '../agents/agent-pool.ts'
import type { AwaitedAnswers } from '../agents/answers/awaited-answers.ts'
import type { Attachments } from '../agents/attachments/attachments.ts'
import type { AgentsPort } from './ports.ts'

export interface AgentsPortDeps {
  attachments: Pick<Attachments, 'attach' | 'take'>
  answers: Pick<AwaitedAnswers, 'takeWhenRoom' | 'files'>
  pool: Pick<AgentPool, 'list'>
}

/** What the control plane needs of the agents. */
export function agentsPort({ attachments, answers, pool }: AgentsPortDeps): AgentsPort {
  return {
    attach: (peer, request) => attachments.attach(peer, request),
    take: (peer, turn, answer) => attachments.take(peer, turn, answer),
    takePosted: (turn, answer) => answers.takeWhenRoom(turn, 'posted', answer),
    offeredFile: (id) => answers.files.find(id),
    list: () => pool.list(),
  }
}
