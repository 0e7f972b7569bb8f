"""联名后提交: how long the lead has once everybody who was asked has answered."""

from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("suggestions", "TimeLimit").objects.get_or_create(
        limit="hand_in", defaults={"count": 10, "unit": "workdays"}
    )


def empty(apps, schema_editor):
    apps.get_model("suggestions", "TimeLimit").objects.filter(limit="hand_in").delete()


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0003_part_without_unit")]
    operations = [migrations.RunPython(fill, empty)]
