// The tab's identity: a random id that survives reload and Back, and that a duplicated tab does
// not share.

const KEY = 'helio-tab'

/** A random id of 96 bits, in letters and digits. */
export function randomId(): string {
  const words = crypto.getRandomValues(new Uint32Array(3))
  return [...words].map((word) => word.toString(36).padStart(7, '0')).join('')
}

function stored(): string | null {
  try {
    return sessionStorage.getItem(KEY)
  } catch {
    return null // Storage is switched off: the id lasts as long as the page.
  }
}

function mint(): string {
  const id = randomId()
  try {
    sessionStorage.setItem(KEY, id)
  } catch {
    // As above.
  }
  return id
}

let letGo: (() => void) | undefined
let settled: Promise<string> | undefined

/**
 * Holds the id's lock for as long as this page is shown; a taken one belongs to the tab we are a
 * copy of.
 */
async function claim(id: string): Promise<string> {
  if (!('locks' in navigator)) return id
  const held = await new Promise<boolean>((resolve) => {
    // The page this one replaces may need a moment to let go.
    const options = { signal: AbortSignal.timeout(250) }
    navigator.locks
      .request(`${KEY}-${id}`, options, () => {
        resolve(true)
        return new Promise<void>((release) => (letGo = release))
      })
      // Locks that are not to be had here (an opaque origin) tell nothing.
      .catch((cause: Error) => resolve(!/Abort|Timeout/.test(cause.name)))
  })
  return held ? id : claim(mint())
}

/** The id of this tab. */
export function tabId(): Promise<string> {
  return (settled ??= claim(stored() ?? mint()))
}

// A page that holds a lock cannot wait in the back/forward cache.
addEventListener('pagehide', () => {
  letGo?.()
  settled = undefined
})
