"""Opinions know their station and day, and stand where the facts in the register put them."""

from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

AT_ONCE = ["on_site", "explained"]
ELSEWHERE = ["petition", "declined"]
HANDED_OVER = ["village", "township", "district", "suggestion", "higher"]
FINAL = ["solved", "partly", "planned", "unsolved"]


def fill(apps, schema_editor):
    # Only what is not placed yet: going back and forth leaves what was written since alone.
    opinions = apps.get_model("visits", "Opinion").objects.filter(station=None)
    receptions = apps.get_model("visits", "Reception").objects.filter(pk=OuterRef("reception"))
    opinions.update(raised_on=Subquery(receptions.values("received_on")[:1]))
    opinions.filter(disposal__in=HANDED_OVER).update(
        handed_over_on=F("raised_on"), state="assigned"
    )
    opinions.filter(Q(disposal__in=ELSEWHERE) | Q(resolution__in=FINAL)).update(state="answered")
    # The registers kept so far do not say when the deputies were told: when the visitor was.
    told = ~Q(feedback_on=None) | ~Q(feedback_method="")
    day = Coalesce(F("feedback_on"), F("raised_on"))
    opinions.filter(told).update(
        deputies_told_on=day, deputies_told_how="据登记簿", closed_on=day, state="closed"
    )
    at_once = opinions.filter(disposal__in=AT_ONCE)
    at_once.update(state="closed", closed_on=day)
    opinions.update(station=Subquery(receptions.values("station")[:1]))


def refuse(apps, schema_editor):
    """The tables before this have no place for what the registers hold by now."""
    for name in ("Assistance", "Activity"):
        if apps.get_model("visits", name).objects.exists():
            raise IrreversibleError("assistance and activities would be lost; restore a backup")


class Migration(migrations.Migration):
    dependencies = [("visits", "0002_three_registers")]
    operations = [migrations.RunPython(fill, refuse)]
