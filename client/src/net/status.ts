// The connection of the page's streams, as a signal, as an attribute of <html>, and for the banner.
import { mergePatch } from '../signals/store'
import { hideBanner, showBanner } from '../notices/banner'

export type State = 'online' | 'connecting' | 'offline'

/** How long a connection may be missing before the user hears of it. */
const GRACE = 1000

const states = new Map<object, State>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Says how a stream is doing; `undefined` when it is over. */
export function setState(stream: object, state: State | undefined): void {
  const before = current()
  const wasLost = lost
  if (state) states.set(stream, state)
  else states.delete(stream)
  const now = current()
  if (now === 'online' || !states.size) lost = false
  else if (now === 'offline' || before === 'online') lost = true
  if (states.size) document.documentElement.setAttribute('data-helio-connection', now)
  else document.documentElement.removeAttribute('data-helio-connection')
  if (lost === wasLost) return
  mergePatch({ _helio: { online: !lost } })
  clearTimeout(timer)
  if (lost) timer = setTimeout(showBanner, GRACE)
  else hideBanner()
}

/** Whether a connection that should be there is missing. */
let lost = false

function current(): State {
  const all = new Set(states.values())
  return all.has('offline') ? 'offline' : all.has('connecting') ? 'connecting' : 'online'
}
