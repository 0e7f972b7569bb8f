"""PostgreSQL finds two characters by an index of character pairs; SQLite scans."""

from django.db import migrations

from common.search import CREATE_FUNCTION, index_sql

RECEPTION = ("search_text", "visitor_name", "phone")
OPINION = ("statement", "summary", "on_site_reply", "result")


def create(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    for sql in (
        CREATE_FUNCTION,
        *index_sql("reception_pairs", "visits_reception", *RECEPTION),
        *index_sql("opinion_pairs", "visits_opinion", *OPINION),
    ):
        schema_editor.execute(sql)


def drop(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("DROP INDEX reception_pairs")
    schema_editor.execute("DROP INDEX opinion_pairs")
    schema_editor.execute("DROP FUNCTION portal_bigrams(text)")


class Migration(migrations.Migration):
    dependencies = [("visits", "0004_opinion_place")]
    operations = [migrations.RunPython(create, drop)]
