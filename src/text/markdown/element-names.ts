const HTML =
  'a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center cite ' +
  'code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer ' +
  'form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map ' +
  'mark menu meta meter nav noscript object ol optgroup option output p param picture pre progress q rp rt ruby s samp ' +
  'script search section select slot small source span strike strong style sub summary sup svg table tbody td template ' +
  'textarea tfoot th thead time title tr track tt u ul var video wbr'

/** What models write to the program around them, and not to a person. */
export const FOR_PROGRAMS: ReadonlySet<string> = new Set(
  (
    'tool_call tool_calls tool_use tool_code tool_input tool_output tool_result tool_results tool_response tool_responses ' +
    'function_call function_calls function_result function_results function_response'
  ).split(' '),
)

/** Elements that are markup: everything else between angle brackets (`<your-name>`, `List<String>`) is text. */
export const ELEMENTS: ReadonlySet<string> = new Set([...HTML.split(' '), ...FOR_PROGRAMS])

/** Elements that go with what is in them. */
export const HIDDEN_ELEMENTS: ReadonlySet<string> = new Set(['script', 'style', ...FOR_PROGRAMS])

/** Elements without an end. */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  'area base br col embed frame hr img input link meta param source track wbr'.split(' '),
)

/** Elements that begin and end a line. */
export const BLOCK_ELEMENTS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form ' +
    'h1 h2 h3 h4 h5 h6 head header hr html li main menu nav ol p pre search section summary table tbody tfoot thead title tr ul'
  ).split(' '),
)
