// Where notices live: one element beside <body>, so that no patch of head or body reaches it, with
// a shadow root and a constructed style sheet, so that a strict content policy allows it.

/**
 * Set these on <html>: --helio-notice-background, -color, -font, -radius,
 * --helio-error-background …
 */
const STYLE = `
:host{all:initial;position:fixed;z-index:2147483647;inset:auto 0 0;display:grid;justify-items:center;
gap:.5rem;padding:.75rem;pointer-events:none;color-scheme:light dark;
font:var(--helio-notice-font,14px/1.4 system-ui)}
div{display:contents}
p{margin:0;max-width:32rem;padding:.5em .9em;border-radius:var(--helio-notice-radius,.5rem);
pointer-events:auto;
background:var(--helio-notice-background,CanvasText);
color:var(--helio-notice-color,Canvas)}
.error,.success{background:var(--helio-error-background,#a3121f);color:var(--helio-error-color,#fff)}
.success{background:var(--helio-success-background,#14683a);color:var(--helio-success-color,#fff)}
button{all:unset;cursor:pointer;padding:0 .5em}
button:focus-visible{outline:2px solid}`

let root: ShadowRoot | undefined

/** The live region for one urgency; it exists before its text, else nobody reads it out. */
export function region(role: 'status' | 'alert'): Element {
  if (!root?.host.isConnected) {
    const host = document.createElement('helio-notices')
    root = host.attachShadow({ mode: 'open' })
    root.innerHTML = '<div role="alert"></div><div role="status"></div>'
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    root.adoptedStyleSheets = [sheet]
    document.documentElement.append(host)
  }
  return root!.querySelector(`[role=${role}]`)!
}
