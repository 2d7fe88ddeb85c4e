"""Helio: web applications whose pages stay current by themselves."""

from starlette.requests import Request

from helio.attrs import (
    attr,
    bind,
    classes,
    computed,
    effect,
    errors,
    ignore,
    ignore_morph,
    indicator,
    init,
    on,
    presence,
    preserve_attr,
    ref,
    show,
    signals,
    style,
    text,
)
from helio.data import SQLite
from helio.html import Markup, raw
from helio.html import h as html
from helio.js import el, evt, js
from helio.live.clock import every
from helio.live.presence import Presence
from helio.live.recorder import RenderError, untracked
from helio.live.region import region
from helio.live.topics import Topic, publish, watch
from helio.signals import Invalid, Signals
from helio.web.app import App, Routes
from helio.web.effects import Patch, dispatch, focus, redirect, title, toast
from helio.web.forms import Form
from helio.web.pages import Shell
from helio.web.refusals import Forbidden, NotFound, Reject
from helio.web.sessions import MemoryStore, Session, SessionState, SQLiteStore

__all__ = [
    "App",
    "Forbidden",
    "Form",
    "Invalid",
    "Markup",
    "MemoryStore",
    "NotFound",
    "Patch",
    "Presence",
    "Reject",
    "RenderError",
    "Request",
    "Routes",
    "SQLite",
    "SQLiteStore",
    "Session",
    "SessionState",
    "Shell",
    "Signals",
    "Topic",
    "attr",
    "bind",
    "classes",
    "computed",
    "dispatch",
    "effect",
    "el",
    "errors",
    "every",
    "evt",
    "focus",
    "html",
    "ignore",
    "ignore_morph",
    "indicator",
    "init",
    "js",
    "on",
    "presence",
    "preserve_attr",
    "publish",
    "raw",
    "redirect",
    "ref",
    "region",
    "show",
    "signals",
    "style",
    "text",
    "title",
    "toast",
    "untracked",
    "watch",
]
