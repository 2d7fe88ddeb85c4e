// Leaving the page, and loading it again when the server says that it may not be seen any more. That
// may be the doing of the user's own command, whose answer then says where else to go.

/** For the answer of a command to come. */
const ANSWER = 1000
/** For another document to come, once it was asked for. */
const WAY = 5000
const PAUSE = 50

let left = -Infinity

/** Asks the browser to go there. */
export function leave(target: URL, replace: boolean): void {
  // A place in the same document is no way out of it.
  if (!target.hash || target.href.split('#')[0] !== location.href.split('#')[0])
    left = performance.now()
  if (replace) location.replace(target)
  else location.assign(target)
}

const opener = (): Element | null => document.getElementById('helio-page')

/** Loads the page again, unless the answer of a command leads elsewhere. */
export function reloadPage(): void {
  const page = opener()
  const told = performance.now()
  const check = (): void => {
    // Another one has taken its place.
    if (opener() !== page) return
    const now = performance.now()
    const unanswered = now - told < ANSWER && document.querySelector('[data-pending]')
    if (unanswered || now - left < WAY) setTimeout(check, PAUSE)
    else location.reload()
  }
  check()
}
