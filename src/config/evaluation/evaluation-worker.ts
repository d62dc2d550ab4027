/** The other thread of `evaluator.ts`: answers each request with one message, in order. */
import { parentPort } from 'node:worker_threads'
import {
  answerOf,
  type EvaluationAnswer,
  type EvaluationQuestion,
  failureOf,
  requestOf,
} from './evaluation-message.ts'
import { Evaluation } from './evaluation.ts'

const evaluation = new Evaluation()

function answerTo(question: EvaluationQuestion): EvaluationAnswer {
  try {
    return answerOf(evaluation.run(requestOf(question)))
  } catch (error) {
    return failureOf(error)
  }
}

parentPort?.on('message', (question: EvaluationQuestion) => parentPort?.postMessage(answerTo(question), []))
