/** The other thread of `config/evaluation/evaluator.ts`: answers each request with one message, in order. */
import { parentPort } from 'node:worker_threads'
import { CONNECTORS } from './agents/registry.ts'
import {
  answerOf,
  type EvaluationAnswer,
  type EvaluationQuestion,
  failureOf,
  requestOf,
} from './config/evaluation/evaluation-message.ts'
import { Evaluation } from './config/evaluation/evaluation.ts'

const evaluation = new Evaluation(CONNECTORS)

function answerTo(question: EvaluationQuestion): EvaluationAnswer {
  try {
    return answerOf(evaluation.run(requestOf(question)))
  } catch (error) {
    return failureOf(error)
  }
}

parentPort?.on('message', (question: EvaluationQuestion) => parentPort?.postMessage(answerTo(question), []))
