// What stands in a target by itself: hidden while something is mounted there with mode inner, and
// kept current all the while.

const INNER = 'helio-mount[data-mode=inner]'

let sheet: CSSStyleSheet | undefined
/** Text cannot be hidden by a style: its words are kept here. */
const hidden = new Map<Text, string>()

/** Hides what is new where something is mounted, and shows what was hidden where nothing is. */
export function updateDefaults(): void {
  const wrappers = document.querySelectorAll(INNER)
  if (wrappers.length && !sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(`:has(>${INNER})>:not(helio-mount){display:none!important}`)
    document.adoptedStyleSheets.push(sheet)
  }
  const targets = new Set([...wrappers].map((wrapper) => wrapper.parentNode))
  for (const [text, words] of hidden) {
    if (targets.has(text.parentNode)) continue
    hidden.delete(text)
    text.data ||= words
  }
  for (const target of targets) {
    for (const node of target!.childNodes) {
      if (!(node instanceof Text) || !node.data.trim()) continue
      hidden.set(node, node.data)
      node.data = ''
    }
  }
}
