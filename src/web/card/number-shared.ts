// What the late parts of the card about people and numbers use together: one script for all of them. What the card needs before it has
// them, too, is in `late-shared.ts`.
import '../elements/controls/copy-button.ts'
import '../elements/controls/field-form.ts'
import '../elements/controls/switch.ts'
import './parts/number-field.ts'
import './parts/person.ts'
import './state/number-list.ts'
import './state/pairing-decisions.ts'
import './state/sender-names.ts'
import './text/countries.ts'
import './text/read-number.ts'
