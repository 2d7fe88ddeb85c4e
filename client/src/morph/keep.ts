// What a move or a patch would lose: focus, caret and scroll positions.

type Movable = ParentNode & Node & { moveBefore?: (node: Node, before: Node | null) => void }

/**
 * Moves a node within the document with its state where the browser can, else puts it and its
 * scrolling back.
 */
export function move(parent: Node, node: Node, before: Node | null): void {
  const place = parent as Movable
  if (node.parentNode === parent && node.nextSibling === before) return
  if (place.moveBefore && node.isConnected && place.isConnected) {
    try {
      place.moveBefore(node, before)
      return
    } catch {
      // Not between these two: moved the plain way.
    }
  }
  const scrolled = node instanceof Element ? scrolledIn(node) : []
  place.insertBefore(node, before)
  for (const [el, left, top] of scrolled) el.scrollTo({ left, top, behavior: 'instant' })
}

function scrolledIn(top: Element): [Element, number, number][] {
  return [top, ...top.querySelectorAll('*')]
    .filter((el) => el.scrollTop || el.scrollLeft)
    .map((el) => [el, el.scrollLeft, el.scrollTop])
}

type Selectable = HTMLInputElement & { setSelectionRange: HTMLInputElement['setSelectionRange'] }

/** Remembers who has the focus; the returned function gives it back if a patch took it away. */
export function keepFocus(): () => void {
  const el = document.activeElement as HTMLElement | null
  if (!el || el === document.body) return () => {}
  const { id } = el
  const { selectionStart, selectionEnd, selectionDirection } = caret(el)
  return () => {
    if (document.activeElement === el) return
    const heir = el.isConnected ? el : id ? document.getElementById(id) : null
    // Somebody else took the focus on purpose.
    if (!heir || (document.activeElement && document.activeElement !== document.body)) return
    heir.focus({ preventScroll: true })
    if (selectionStart === null) return
    try {
      ;(heir as Selectable).setSelectionRange(
        selectionStart,
        selectionEnd,
        selectionDirection ?? undefined,
      )
    } catch {
      // Kinds without a caret.
    }
  }
}

function caret(
  el: Element,
): Pick<HTMLInputElement, 'selectionStart' | 'selectionEnd' | 'selectionDirection'> {
  try {
    const {
      selectionStart = null,
      selectionEnd = null,
      selectionDirection = null,
    } = el as HTMLInputElement
    return { selectionStart, selectionEnd, selectionDirection }
  } catch {
    return { selectionStart: null, selectionEnd: null, selectionDirection: null }
  }
}
