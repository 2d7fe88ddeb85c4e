"""The gallery's database: one file, beside the gallery or where HELIO_GALLERY_DB says."""

import os
from pathlib import Path

from board_tables import CONTENT, KEYS, TABLES
from helio import SQLite

db = SQLite(
    os.environ.get("HELIO_GALLERY_DB") or Path(__file__).with_name("gallery.db"),
    keys=KEYS,
    migrations=[
        # autoincrement: a deleted task's id is never given to another, so it can come back.
        """
        create table task (
            id integer primary key autoincrement,
            title text not null,
            done integer not null default 0
        );
        insert into task (title, done) values
            ('Open this page in a second window', 1),
            ('Tick this off and watch the other one', 0),
            ('Turn JavaScript off and add something', 0);
        """,
        """
        create table counter (name text primary key, value integer not null);
        insert into counter values ('global', 0);
        """,
        TABLES + CONTENT,
    ],
)
