// Whether the page may be loaded again without taking anything from the user: no field has what
// nobody was sent, none that differs from what the server said is being written in, and no command
// is under way.

/** Fields that the user has changed, and when; until a command that began later was done. */
const edited = new Map<Element, number>()
let writing: EventTarget | null = null

const INTERVAL = 500
let timer: ReturnType<typeof setInterval> | undefined

/** A command that began at this time has been done: it took the fields with it. */
export function noteSent(began: number): void {
  edited.forEach((at, el) => at <= began && edited.delete(el))
}

/** Whether a field shows something else than the server has said. */
function differs(el: Element): boolean {
  if (el instanceof HTMLInputElement && /^(checkbox|radio)$/.test(el.type))
    return el.checked !== el.defaultChecked
  if (el instanceof HTMLInputElement || el instanceof HTMLTextAreaElement)
    return el.value !== el.defaultValue
  return true
}

function isIdle(): boolean {
  const unsent = [...edited.keys()]
  if (writing && writing === document.activeElement) unsent.push(writing as Element)
  return (
    !unsent.some((el) => el.isConnected && differs(el)) && !document.querySelector('[data-pending]')
  )
}

/** Runs once nothing would be lost. */
export function whenIdle(run: () => void): void {
  timer ??= setInterval(() => {
    if (!isIdle()) return
    clearInterval(timer)
    run()
  }, INTERVAL)
}

addEventListener(
  'input',
  ({ target }) => {
    if (!(target instanceof Element)) return
    writing = target
    edited.set(target, performance.now())
  },
  true,
)
addEventListener('focusout', () => (writing = null), true)
addEventListener('reset', ({ target }) =>
  edited.forEach((_, el) => (target as Element).contains(el) && edited.delete(el)),
)
