"""The document around a page: head, the element that opens the stream, the layout."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request

from helio.html import FormState, h
from helio.html.marks import strip
from helio.js import Expression, js
from helio.live.views import Document, nest
from helio.web.pages import Layout, Page, Shell

Names = tuple[str, ...]

_STREAM = (
    "@get({}, {live: true, retry: 'always', retryMaxCount: 1000000, "
    "filterSignals: {include: '^$'}})"
)


class Frame:
    """What all documents of one application have in common."""

    def __init__(self, runtime: str, css: Sequence[str], layout: Layout | None) -> None:
        self.runtime = runtime
        self.css = css
        self.layout = layout

    def document(
        self, page: Page[...], rendered: Document, request: Request, form: FormState | None = None
    ) -> str:
        """The whole document of a page."""
        title = rendered.title or page.title
        opener = h.template(id="helio-page", attrs=[_opening(rendered, request, form)])
        body = Markup(f"{opener}{_problems(form, rendered)}{rendered.html}")  # noqa: S704
        shell = Shell(title, request.url.path, self._head(title), body)
        layout = page.layout or self.layout or plain
        return strip(str(layout(shell)))

    def _head(self, title: str) -> Markup:
        return h[
            h.meta(charset="utf-8"),
            h.meta(name="viewport", content="width=device-width, initial-scale=1"),
            h.meta(name="color-scheme", content="light dark"),
            h.title[title],
            (h.link(rel="stylesheet", href=href) for href in self.css),
            h.script(type="module", src=self.runtime),
        ]


def plain(shell: Shell) -> Markup:
    """The layout of pages that name none."""
    return h.html(lang="en")[h.head[shell.head], h.body[shell.body]]


def _opening(
    rendered: Document, request: Request, form: FormState | None
) -> dict[str, Expression | None]:
    """Attributes that declare the page's signals and open its stream."""
    declared = _declared(rendered, form)
    query = request.scope["query_string"].decode("latin-1")
    url = _path(request) + (f"?{query}" if query else "")
    return {
        "data-signals__ifmissing": js("{}", nest(declared)) if declared else None,
        "data-init": js(_STREAM, url) if rendered.live else None,
    }


def _path(request: Request) -> str:
    """The request's path as it stands in a URL."""
    path = quote(request.scope["path"], safe=_IN_PATHS)
    # Two slashes would begin the name of another host.
    return f"/%2F{path[2:]}" if path.startswith("//") else path


_IN_PATHS = "/-._~:@!$&()*+,;="


def _declared(rendered: Document, form: FormState | None) -> Mapping[Names, object]:
    """Signals and their values; those of messages as a refused form has them."""
    if form is None:
        return rendered.declared
    said = {tuple(f"errors.{name}".split(".")): text for name, text in form.messages.items()}
    return {path: said.get(path, value) for path, value in rendered.declared.items()}


def _problems(form: FormState | None, rendered: Document) -> Markup:
    """Messages that no `errors(…)` on the page shows."""
    if form is None:
        return Markup()
    shown = {".".join(path[1:]) for path in rendered.declared if path[0] == "errors"}
    rest = [text for name, text in form.messages.items() if name not in shown]
    if not rest:
        return Markup()
    return h.div(class_="helio-problems", role="alert")[(h.p[text] for text in rest)]
