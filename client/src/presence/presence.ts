// Where this tab is present: the places its page has elements of, and what it says of itself there.
// The page's stream tells the whole list when it opens; a change in between is posted.
import { problem, report } from '../engine/errors'
import { ensureOpen, onChange, reopen } from '../net/stream'
import { randomId, tabId } from '../net/tab'

/** No more than ten posts a second. */
const PAUSE = 100
/** What changes together is told together; perhaps the stream is about to end. */
const DELAY = 50
/** A tab may be at no more places; where it came last is left out. */
const MOST = 32

interface Place {
  token: string
  values: Record<string, true>
}

/** The kind and the signed token of each element. */
const elements = new Map<Element, [name: string, token: string]>()
/** What is so at present, by kind. */
const values = new Map<string, Record<string, true>>()

/** The list as the server last heard it. */
let told = '[]'
/** Where the page's stream is open. */
let url: string | undefined
let controller: AbortController | undefined
let running = false

export const isPresent = (): boolean => elements.size > 0

function places(): Place[] {
  const all = new Map<string, Place>()
  for (const [name, token] of elements.values())
    all.set(token, { token, values: values.get(name) ?? {} })
  // In an order that says nothing, so that only a change is one.
  return [...all.values()]
    .slice(0, MOST)
    .sort((one, other) => (one.token < other.token ? -1 : 1))
}

/** The list, for the request of a stream, which takes the place of every post before it. */
export function tellPresence(): Place[] {
  controller?.abort()
  if (elements.size > MOST) report({}, problem('TooManyPlaces', elements.size))
  const list = places()
  told = JSON.stringify(list)
  return list
}

/** Says where an element stands, until the returned function is called. */
export function enter(el: Element, name: string, token: string): () => void {
  elements.set(el, [name, token])
  changed()
  return () => {
    elements.delete(el)
    changed()
  }
}

/** Says that something is so, or no more, wherever this tab is present by that name. */
export function say(name: string, field: string, so: boolean): void {
  const { [field]: was, ...others } = values.get(name) ?? {}
  if (!!was === so) return
  values.set(name, so ? { ...others, [field]: true } : others)
  changed()
}

function changed(): void {
  if (running) return
  running = true
  setTimeout(() => void run(), DELAY)
}

async function run(): Promise<void> {
  if (!url && isPresent()) ensureOpen()
  while (url && JSON.stringify(places()) !== told) {
    await Promise.all([post(url), new Promise((resolve) => setTimeout(resolve, PAUSE))])
  }
  running = false
}

async function post(to: string): Promise<void> {
  const presence = places()
  told = JSON.stringify(presence)
  controller = new AbortController()
  const { signal } = controller
  try {
    const { status } = await window.fetch(to, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Datastar-Request': 'true',
        'Helio-Request': randomId(),
        'Helio-Tab': await tabId(),
        'Helio-Stream': 'presence',
      },
      body: JSON.stringify({ presence }),
      signal,
    })
    // Another process keeps this tab current: the stream finds it, and tells it the list.
    if (status === 409) reopen()
  } catch {
    // Not heard. Nor is the stream, if it is the network.
    if (!signal.aborted) reopen()
  }
}

onChange((stream) => {
  url = stream
  if (url) changed()
})
