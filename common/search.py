"""Finding a word in Chinese text: two characters are the usual query.

PostgreSQL keeps an index of character pairs (`portal_bigrams`, made in a migration of the app
that searches); elsewhere the text is scanned. The index only narrows: the caller still asks for
the word itself, where its reader may see it.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

SEPARATOR = "E'\\n'"

# The pairs of one text, many times over where they come twice: an index keeps each once. Splitting
# first makes it four times as fast as substr, which counts characters from the beginning.
CREATE_FUNCTION = """
CREATE OR REPLACE FUNCTION portal_bigrams(words text) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE STRICT AS $$
DECLARE
    signs text[] := string_to_array(words, NULL);
    pairs text[] := '{}';
BEGIN
    FOR place IN 1 .. coalesce(array_length(signs, 1), 0) - 1 LOOP
        pairs := pairs || (signs[place] || signs[place + 1]);
    END LOOP;
    RETURN pairs;
END
$$
"""
# How many pairs the planner knows the frequency of is ten times this: of too few it takes a
# frequent word for a rare one.
STATISTICS = 400


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


def holding(word: str, *columns: str) -> Q:
    """That one of the columns holds `word`.

    On PostgreSQL by position: of LIKE the planner believes that next to nothing matches, and
    multiplies that with what it knows from the index.
    """
    found = Q()
    for column in columns:
        if connection.vendor == "postgresql" and len(word) > 1:
            found |= Q(GreaterThan(StrIndex(F(column), Value(word)), 0))
        else:
            found |= Q(**{f"{column}__contains": word})
    return found


def index_sql(name: str, table: str, *columns: str) -> list[str]:
    return [
        f"CREATE INDEX {name} ON {table} USING gin (portal_bigrams({joined(columns)}))",
        f"ALTER INDEX {name} ALTER COLUMN 1 SET STATISTICS {STATISTICS}",
    ]
