// The way from page to page within one document: each entry of the history has an id, under which
// its scroll position is remembered, and is fetched again on the way back.
import { randomId } from '../net/tab'
import { swap } from './page'

const positions = new Map<string, [x: number, y: number]>()

const address = (): string => location.pathname + location.search

/** The page that the document shows, whatever the address says by now. */
let shown = address()
let controller: AbortController | undefined
let begun = false

const idOf = (state: unknown): string | undefined => (state as { helio?: string } | null)?.helio

/** Gives the present entry an id, if it has none. */
function mark(): void {
  const state: unknown = history.state
  if (idOf(state)) return
  history.replaceState({ ...(typeof state === 'object' && state), helio: randomId() }, '')
}

function remember(): void {
  const id = idOf(history.state)
  // While another entry's page is on its way, the position is still that of the old one.
  if (id && address() === shown) positions.set(id, [scrollX, scrollY])
}

/** From the first page that is gone to, the way back is ours. */
function begin(): void {
  mark()
  remember()
  if (begun) return
  begun = true
  history.scrollRestoration = 'manual'
  addEventListener('scroll', remember, { passive: true })
  addEventListener('popstate', ({ state }) => void arrive(idOf(state)))
  // Of a document that is left the browser remembers the position itself.
  addEventListener('pagehide', () => (history.scrollRestoration = 'auto'))
  addEventListener('pageshow', () => (history.scrollRestoration = 'manual'))
}

/** Shows a page that was sent, at its address; false if it needs a document of its own. */
export function visit(target: URL, title: string | undefined, page: DocumentFragment): boolean {
  const leaving = (): void => {
    begin()
    controller?.abort()
    if (target.href !== location.href) history.pushState({ helio: randomId() }, '', target)
    shown = address()
  }
  if (!swap(page, leaving)) return false
  if (title) document.title = title
  scroll()
  return true
}

/** The user has gone to another entry. */
async function arrive(id: string | undefined): Promise<void> {
  controller?.abort()
  if (address() === shown) {
    // A new entry is a place in the page, to which the browser goes.
    if (id) scroll(id)
    else mark()
    return
  }
  const { signal } = (controller = new AbortController())
  try {
    const response = await window.fetch(location.href, { headers: { Accept: 'text/html' }, signal })
    const text = response.ok && !response.redirected && (await response.text())
    if (signal.aborted) return
    const next = text && new DOMParser().parseFromString(text, 'text/html')
    if (!next || !swap(next)) return location.reload()
    shown = address()
    document.title = next.title
    mark()
    scroll(id)
  } catch {
    if (!signal.aborted) location.reload()
  }
}

function scroll(id?: string): void {
  const position = id && positions.get(id)
  const aim = !position && location.hash && document.getElementById(fragment())
  if (aim) aim.scrollIntoView({ behavior: 'instant' })
  else {
    const [left, top] = position || [0, 0]
    scrollTo({ left, top, behavior: 'instant' })
  }
}

function fragment(): string {
  const text = location.hash.slice(1)
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

// The document was left for another one and comes back at an entry of ours.
if (idOf(history.state)) history.scrollRestoration = 'auto'
