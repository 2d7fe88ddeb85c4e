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
from helio.live.rule import anyone
from helio.live.topics import Topic, publish, watch
from helio.live.user import User
from helio.signals import Invalid, Signals
from helio.web.app import App
from helio.web.effects import Patch, dispatch, focus, redirect, title, toast
from helio.web.forms import Form
from helio.web.going import goto
from helio.web.mounting import mount, refresh, unmount
from helio.web.pages import Shell
from helio.web.refusals import Forbidden, NotFound, Reject
from helio.web.routes import Routes
from helio.web.sessions import MemoryStore, Session, SessionState, SQLiteStore
from helio.web.slots import part, slot
from helio.web.tab import Tab
from helio.web.tabs import TabState

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
    "Tab",
    "TabState",
    "Topic",
    "User",
    "anyone",
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
    "goto",
    "html",
    "ignore",
    "ignore_morph",
    "indicator",
    "init",
    "js",
    "mount",
    "on",
    "part",
    "presence",
    "preserve_attr",
    "publish",
    "raw",
    "redirect",
    "ref",
    "refresh",
    "region",
    "show",
    "signals",
    "slot",
    "style",
    "text",
    "title",
    "toast",
    "unmount",
    "untracked",
    "watch",
]
