"""The pages that say what went wrong, for visitors without a runtime."""

import traceback

from helio.html import h

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:15vh auto;padding:0 1rem}"
    "h1{font-size:1.25rem}pre{overflow:auto;padding:1rem;background:#8882;border-radius:.5rem}"
    "small{opacity:.7}"
)


def problem_page(status: int, text: str, detail: str = "") -> str:
    """A small document: what happened, and what helps."""
    return str(
        h.html(lang="en")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.meta(name="color-scheme", content="light dark"),
                h.title[f"{status}"],
                h.style[_STYLE],
            ],
            h.body[
                h.main[
                    h.h1[text],
                    h.pre[detail] if detail else None,
                    h.p[h.a(href="/")["Go to the start page"]],
                    h.small[f"Status {status}"],
                ]
            ],
        ]
    )


def traced(error: BaseException) -> str:
    """The traceback, for development."""
    return "".join(traceback.format_exception(error))
