"""Finding a word in Chinese text: two characters are the usual query.

PostgreSQL keeps an index of character pairs (`portal_bigrams`, made in a migration of the app
that searches); elsewhere the text is scanned. The index only narrows: the caller still asks for
the word itself, where its reader may see it.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, F, Func, QuerySet

SEPARATOR = "E'\\n'"

CREATE_FUNCTION = """
CREATE OR REPLACE FUNCTION portal_bigrams(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, place, 2)), '{}')
    FROM generate_series(1, length(words) - 1) AS place
$$
"""


class HoldsPairs(Func):
    """Whether the columns together hold every character pair of a word (PostgreSQL alone)."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, *columns: str, word: str):
        super().__init__(*(F(column) for column in columns))
        self.pairs = sorted({word[at : at + 2] for at in range(len(word) - 1)})

    def as_sql(self, compiler, connection, **extra):
        columns = [compiler.compile(column)[0] for column in self.get_source_expressions()]
        return f"portal_bigrams({joined(columns)}) @> %s::text[]", [self.pairs]


def joined(columns) -> str:
    """The text that is indexed: the expression of the index and of the query are the same."""
    return f" || {SEPARATOR} || ".join(columns)


def narrowed(rows: QuerySet, word: str, *columns: str) -> QuerySet:
    """`rows` less those that cannot hold `word` in `columns`, where an index knows that."""
    if connection.vendor != "postgresql" or len(word) < 2:
        return rows
    return rows.filter(HoldsPairs(*columns, word=word))


def index_sql(name: str, table: str, *columns: str) -> str:
    return f"CREATE INDEX {name} ON {table} USING gin (portal_bigrams({joined(columns)}))"
