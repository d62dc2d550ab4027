// What elements are made of. Every element that has a script of its own imports this file, so that the build puts all of it into one script,
// which a page with several elements loads once.
import 'lit'
import '../../client/client.ts'
import './button.ts'
import './confirm.ts'
import './controls.ts'
import './field-form.ts'
import './icons.ts'
import './note.ts'
import './switch.ts'
import './tokens.ts'
import './words.ts'
