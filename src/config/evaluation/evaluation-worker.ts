/** The other thread of `evaluator.ts`: answers each request with one message, in order. */
import { parentPort } from 'node:worker_threads'
import { evaluate, type EvaluationRequest } from './evaluate.ts'
import { answerOf, type EvaluationAnswer } from './evaluation-answer.ts'

function answerTo(request: EvaluationRequest): EvaluationAnswer {
  try {
    return { ok: true, value: evaluate(request) }
  } catch (error) {
    return answerOf(error)
  }
}

parentPort?.on('message', (request: EvaluationRequest) => parentPort?.postMessage(answerTo(request), []))
