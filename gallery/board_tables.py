"""The boards' tables, and what stands in them at first: three people, three boards.

A card and its comments name their board, so that whoever looks at one board reads by its number,
and is woken by its changes alone: `KEYS` tells the database.
"""

KEYS = {
    "person": "id",
    "board": "id",
    "member": ("board_id", "person_id"),
    "card": ("board_id", "id"),
    "comment": ("board_id", "card_id"),
    "entry": "board_id",
}

TABLES = """
create table person (id integer primary key, name text not null);

create table board (
    id integer primary key,
    name text not null,
    budget integer not null default 0
);

create table member (
    board_id integer not null references board,
    person_id integer not null references person,
    manager integer not null default 0,
    primary key (board_id, person_id)
) without rowid;

create table card (
    id integer primary key autoincrement,
    board_id integer not null references board,
    stage text not null default 'todo',
    place integer not null default 0,
    title text not null,
    notes text not null default '',
    cost integer not null default 0
);
create index card_by_board on card (board_id, stage, place);

create table comment (
    id integer primary key,
    board_id integer not null references board,
    card_id integer not null references card on delete cascade,
    person_id integer not null references person,
    text text not null,
    at text not null default current_timestamp
);
create index comment_by_card on comment (card_id);
create index comment_by_board on comment (board_id);

create table entry (
    id integer primary key,
    board_id integer not null references board,
    person_id integer not null references person,
    text text not null,
    at text not null default current_timestamp
);
create index entry_by_board on entry (board_id, id);
"""

CONTENT = """
insert into person (id, name) values (1, 'Ann'), (2, 'Bob'), (3, 'Eve');

insert into board (id, name, budget) values
    (1, 'New kitchen', 9500), (2, 'Street party', 1500), (3, 'Web shop', 4000);

insert into member (board_id, person_id, manager) values
    (1, 1, 1), (1, 2, 0), (1, 3, 0), (2, 2, 1), (2, 1, 0), (3, 1, 1), (3, 3, 0);

insert into card (id, board_id, stage, place, title, notes, cost) values
    (1, 1, 'done', 1, 'Measure the room', 'Twice. The window is not square.', 0),
    (2, 1, 'done', 2, 'Take the old kitchen out', '', 350),
    (3, 1, 'doing', 1, 'New wiring', 'Six circuits, one of them for the oven alone.', 1900),
    (4, 1, 'doing', 2, 'Choose the worktop', 'Oak or stone? Samples are on the table.', 1200),
    (5, 1, 'todo', 1, 'Order the cupboards', 'Eleven weeks until they come!', 4100),
    (6, 1, 'todo', 2, 'Paint the walls', 'Not white.', 280),
    (7, 1, 'todo', 3, 'Lay the floor', '', 1350),
    (8, 2, 'done', 1, 'Ask the neighbours for a date', 'The last Saturday in June.', 0),
    (9, 2, 'doing', 1, 'Permission to close the street', 'Form sent, fee paid.', 120),
    (10, 2, 'todo', 1, 'Tables and benches', 'The fire brigade lends them.', 200),
    (11, 2, 'todo', 2, 'Find a band', 'Nothing louder than a trumpet.', 600),
    (12, 3, 'doing', 1, 'Photographs of all products', '', 900),
    (13, 3, 'todo', 1, 'Terms of delivery', 'Ask somebody who knows.', 450),
    (14, 3, 'todo', 2, 'Tell the newsletter', '', 0);

insert into comment (board_id, card_id, person_id, text, at) values
    (1, 4, 2, 'Stone. Oak and my coffee do not get on.', datetime('now', '-2 days')),
    (1, 4, 3, 'We could oil it twice a year.', datetime('now', '-2 days', '+9 minutes')),
    (1, 4, 1, 'Who is “we”?', datetime('now', '-1 days')),
    (1, 3, 1, 'The electrician comes on Thursday at eight.', datetime('now', '-1 days'));

insert into entry (board_id, person_id, text, at)
    with recursive step(n) as (select 1 union all select n + 1 from step where n < 24)
    select 1, 1 + n % 3,
        case n % 4 when 0 then 'asked for a price' when 1 then 'measured again'
            when 2 then 'called the shop' else 'looked for samples' end,
        datetime('now', (n - 26) || ' hours')
    from step;

insert into entry (board_id, person_id, text) values
    (1, 1, 'added “Lay the floor”'), (2, 2, 'added “Find a band”'),
    (3, 1, 'added “Tell the newsletter”');
"""
