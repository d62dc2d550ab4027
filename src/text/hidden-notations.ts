import { UNFINISHED_WRAPPER } from './answer-wrapper.ts'

/** Names of the tags that models and their templates put around thoughts. */
const TAG =
  '(?:\\w{1,20}:|chain_of_|inner_|internal_)?(?:think|thinking|thoughts?|reasoning|reflection|scratchpad|monologue|antthinking)(?:_process)?'
const ATTRIBUTES = '(?:[ \\t][^<>\\n]{0,200})?'
/** Around the names of DeepSeek's tokens, and between their words. */
const BAR = '[|｜]'
const GAP = '[_▁]'

/** How a model marks what is not for the person, as sources of regular expressions. */
interface Notation {
  open: string
  close: string
  /** Whether it holds thoughts; otherwise the call of a tool. */
  isThought: boolean
  /** Some templates have the opening mark in the prompt: an answer then has the closing one alone. */
  isOpenedInPrompt: boolean
}

const thought = (open: string, close: string, isOpenedInPrompt: boolean): Notation => ({
  open,
  close,
  isThought: true,
  isOpenedInPrompt,
})
const call = (open: string, close: string): Notation => ({
  open,
  close,
  isThought: false,
  isOpenedInPrompt: false,
})

/**
 * Thoughts of DeepSeek, Qwen and most others; Magistral; Kimi; OpenThinker; Cohere; Open WebUI; gpt-oss (harmony). Calls of DeepSeek; Kimi;
 * Phi and Granite; Cohere; Llama; Mistral; MiniMax and others; Llama, Qwen Coder and Claude.
 */
export const NOTATIONS: readonly Notation[] = [
  thought(`<${TAG}${ATTRIBUTES}>`, `</${TAG}[ \\t]{0,5}>`, true),
  thought('\\[THINK\\]', '\\[/THINK\\]', true),
  thought('◁think▷', '◁/think▷', true),
  thought('<\\|begin_of_thought\\|>', '<\\|end_of_thought\\|>', true),
  thought('<\\|START_THINKING\\|>', '<\\|END_THINKING\\|>', true),
  thought(`<details[ \\t]{1,5}type="reasoning"${ATTRIBUTES}>`, '</details>', false),
  thought(
    '<\\|channel\\|>[ \\t]{0,5}(?:analysis|commentary)[^<>\\n]{0,100}<\\|message\\|>',
    '<\\|(?:end|call)\\|>|<\\|channel\\|>[ \\t]{0,5}final[^<>\\n]{0,100}<\\|message\\|>',
    false,
  ),
  call(`<${BAR}tool${GAP}calls${GAP}begin${BAR}>`, `<${BAR}tool${GAP}calls${GAP}end${BAR}>`),
  call('<\\|tool_calls_section_begin\\|>', '<\\|tool_calls_section_end\\|>'),
  call('<\\|tool_calls?\\|>', '<\\|/tool_calls?\\|>|<\\|end_of_text\\|>'),
  call('<\\|START_(?:ACTION|TOOL_\\w{1,20})\\|>', '<\\|END_(?:ACTION|TOOL_\\w{1,20})\\|>'),
  call('<\\|python_tag\\|>', '<\\|(?:eom|eot)_id\\|>'),
  call('\\[TOOL_CALLS\\](?=[ \\t]{0,5}\\w{0,64}[\\[{])', '\\n|\\[/TOOL_CALLS\\]|</s>'),
  call('\\[TOOL_(?:CALL|RESULT|REQUEST)\\]', '\\[/TOOL_(?:CALL|RESULT|REQUEST)\\]|\\[END_TOOL_REQUEST\\]'),
  call('<function=[\\w.-]{1,64}>', '</function>'),
  call(
    `<(?:\\w{1,20}:)(?:function_calls|tool_calls?|invoke)${ATTRIBUTES}>`,
    '</\\w{1,20}:(?:function_calls|tool_calls?|invoke)>',
  ),
  call('<invoke[ \\t]{1,5}name=[^<>\\n]{1,200}>', '</invoke>'),
]

/** Tokens of templates around an answer, which say nothing to a person. */
export const TOKENS = [
  '<\\|start\\|>assistant',
  '<\\|channel\\|>[ \\t]{0,5}final[^<>\\n]{0,100}<\\|message\\|>',
  '<\\|im_start\\|>(?:assistant\\b)?\\n?',
  '<\\|start_header_id\\|>(?:assistant)?<\\|end_header_id\\|>\\n{0,2}',
  '<start_of_turn>(?:model\\b)?\\n?',
  '<\\|(?:return|end|im_end|eot_id|eom_id|endoftext|begin_of_text|end_of_text|begin_of_solution|end_of_solution|START_RESPONSE|END_RESPONSE)\\|>',
  `<｜(?:begin|end)▁of▁(?:sentence|thinking)｜>|<｜Assistant｜>|<end_of_turn>`,
].join('|')

/** The end of a text that may go on as one of the marks, or as a run of backticks. */
export const UNFINISHED = new RegExp(
  `(?:${UNFINISHED_WRAPPER}|${
    /<\|channel\|>[^<>\n]{0,120}(?:<[^<>\n]{0,12})?|<\|start\|>[a-z]{0,12}|<\|im_start\|>[a-z]{0,12}|<start_of_turn>[a-z]{0,12}|<\|start_header_id\|>[a-z]{0,12}(?:<[^<>\n]{0,20}(?:>\n?)?)?|<[^<>\n]{0,260}|\[TOOL_CALLS\][ \t]{0,5}\w{0,64}|\[\/?[a-z_]{0,17}|◁\/?[a-z]{0,6}|`+|~+/
      .source
  })$`,
  'i',
)
