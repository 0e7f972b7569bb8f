"""The times and wordings that a district begins with (DOMAIN §5); it changes them on the page."""

import datetime

from django.db import migrations

LIMITS = [
    # limit, count, unit
    ("join", 5, "workdays"),
    ("revise", 10, "workdays"),
    ("assign", 5, "workdays"),
    ("sign", 3, "workdays"),
    ("return", 7, "workdays"),
    ("decide", 3, "workdays"),
    ("assist", 1, "months"),
    ("countersign", 5, "workdays"),
    ("reply", 3, "months"),
    ("redo", 1, "months"),
    ("longest", 6, "months"),
    ("vet", 5, "workdays"),
    ("rate", 20, "workdays"),
    ("promise", 6, "months"),
]
WORDINGS = [
    ("A", "已解决或基本解决"),
    ("B", "正在解决或列入规划"),
    ("C", "因条件限制待以后解决"),
    ("D", "留作参考"),
]
BEGINNING = datetime.date(2000, 1, 1)


def fill(apps, schema_editor):
    TimeLimit = apps.get_model("suggestions", "TimeLimit")
    for limit, count, unit in LIMITS:
        TimeLimit.objects.get_or_create(limit=limit, defaults={"count": count, "unit": unit})
    ClassWording = apps.get_model("suggestions", "ClassWording")
    for code, words in WORDINGS:
        ClassWording.objects.get_or_create(
            code=code, valid_from=BEGINNING, defaults={"words": words}
        )


def empty(apps, schema_editor):
    apps.get_model("suggestions", "TimeLimit").objects.all().delete()
    apps.get_model("suggestions", "ClassWording").objects.filter(valid_from=BEGINNING).delete()


class Migration(migrations.Migration):
    dependencies = [("suggestions", "0001_initial")]
    operations = [migrations.RunPython(fill, empty)]
