// Toasts: short messages that go by themselves.
import { region } from './shell'

export interface Toast {
  text: string
  tone?: string | undefined
  /** A toast with the same id is replaced. */
  id?: string | undefined
}

const shown = new Map<string, () => void>()

/** Shows a message for some seconds; the pointer or the focus on it keeps it. */
export function toast({ text, tone = 'info', id }: Toast): void {
  const error = tone === 'error'
  const el = document.createElement('p')
  el.className = /^(error|success)$/.test(tone) ? tone : 'info'
  el.part.add('toast', el.className)
  el.textContent = text
  const close = document.createElement('button')
  close.textContent = '×'
  close.ariaLabel = 'Dismiss'
  el.append(close)
  let timer: ReturnType<typeof setTimeout>
  const end = (): void => {
    clearTimeout(timer)
    el.remove()
    if (id && shown.get(id) === end) shown.delete(id)
  }
  const wait = (): void => {
    clearTimeout(timer)
    timer = setTimeout(end, error ? 10_000 : 5000)
  }
  close.onclick = end
  el.onpointerenter = el.onfocus = () => clearTimeout(timer)
  el.onpointerleave = el.onblur = wait
  if (id) {
    shown.get(id)?.()
    shown.set(id, end)
  }
  region(error ? 'alert' : 'status').append(el)
  wait()
}

/** Takes a toast away before its time. */
export function endToast(id: string): void {
  shown.get(id)?.()
}
