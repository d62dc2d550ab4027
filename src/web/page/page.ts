import { AttachMenu } from '../demo/attach-menu.ts'
import { ChatThread } from '../demo/chat-thread.ts'
import { DemoStage } from '../demo/demo-stage.ts'
import { SimulatedPhone } from '../demo/simulated-phone.ts'
import { CardPage } from './card-page.ts'
import '../card/late-shared.ts'

customElements.define('simulated-attach', AttachMenu)
customElements.define('simulated-chat', ChatThread)
customElements.define('simulated-phone', SimulatedPhone)
customElements.define('whatsapp-demo', DemoStage)
customElements.define('whatsapp-page', CardPage)

const page = new CardPage()
page.demo = document.body.dataset['demo'] !== undefined
document.body.style.margin = '0'
document.querySelector('main')?.replaceChildren(page)
