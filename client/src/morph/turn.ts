// A turn: what one event, or every event of a batch, changes before anybody sees the page.
import { settle } from '../engine/scan'
import { discard, placeMounts } from '../mounts/places'
import { keepFocus } from './keep'
import { takeLeavers } from './leaving'

let depth = 0
let restore = (): void => {}

/** Whether several events are being applied as one. */
export const isTogether = (): boolean => depth > 0

/** Runs changes whose end is one: what leaves in one of them may come again in another. */
export function together(run: () => void): void {
  if (depth) return run()
  depth++
  restore = keepFocus()
  try {
    run()
  } finally {
    depth--
    end()
    restore()
  }
}

/** Nobody gets the focus back: the page is another one. */
export function releaseFocus(): void {
  ;(document.activeElement as HTMLElement | null)?.blur()
  restore = () => {}
}

function end(): void {
  settle(true)
  for (const el of takeLeavers()) discard(el as Element)
  placeMounts()
  settle(false)
}

/** One change from the server: told apart from what the page does itself. */
export function change(run: () => void): void {
  together(() => {
    settle(true)
    try {
      run()
    } finally {
      settle(false)
    }
  })
}
