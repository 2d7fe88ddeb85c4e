// Where notices live: one element beside <body>, so that no patch of head or body reaches it, with
// a shadow root and a constructed style sheet, so that a strict content policy allows it.

const STYLE = `
:host{all:initial;position:fixed;z-index:2147483647;inset:auto 0 0 0;display:flex;flex-direction:column;align-items:center;
gap:.5rem;padding:.75rem;pointer-events:none;color-scheme:light dark;
font:var(--helio-notice-font,500 .875rem/1.4 system-ui,sans-serif)}
div{display:contents}
p{margin:0;box-sizing:border-box;max-width:min(32rem,100%);padding:.5em .9em;border-radius:var(--helio-notice-radius,.5rem);
pointer-events:auto;overflow-wrap:anywhere;
background:var(--helio-notice-background,light-dark(#22262b,#f1f3f5));color:var(--helio-notice-color,light-dark(#fff,#14171a));
box-shadow:0 2px 10px #0004}
.error{background:var(--helio-error-background,light-dark(#a3121f,#ffb4ab));color:var(--helio-error-color,light-dark(#fff,#3a0207))}
.success{background:var(--helio-success-background,light-dark(#14683a,#a8e6c0));color:var(--helio-success-color,light-dark(#fff,#04210f))}
button{all:unset;cursor:pointer;margin-inline-start:.75em;padding:0 .25em;border-radius:.25em}
button:focus-visible{outline:2px solid}
@media print{:host{display:none}}`

let root: ShadowRoot | undefined
const regions = new Map<string, HTMLElement>()

/** The live region for one urgency; it exists before its text, else nobody reads it out. */
export function region(role: 'status' | 'alert'): HTMLElement {
  if (!root || !root.host.isConnected) {
    const host = document.createElement('helio-notices')
    root = host.attachShadow({ mode: 'open' })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(STYLE)
    root.adoptedStyleSheets = [sheet]
    for (const name of ['alert', 'status']) {
      const el = document.createElement('div')
      el.setAttribute('role', name)
      regions.set(name, el)
      root.append(el)
    }
    document.documentElement.append(host)
  }
  return regions.get(role)!
}
