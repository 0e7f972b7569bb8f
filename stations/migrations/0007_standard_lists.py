"""八有 word for word, and the names of the other lists: what they hold, each district writes."""

from django.db import migrations

EDITION = "2026年版"
TO_BE_FILLED = "由本区填写"
EIGHT = [
    # group, words, the records that have something to say on it
    ("室外", "有牌", ""),
    ("室外", "有信箱", "mailbox"),
    ("室外", "有公示栏", ""),
    ("室内", "有柜", ""),
    ("室内", "有电脑", ""),
    ("室内", "有电话", "phone"),
    ("室内", "有办公桌椅", ""),
    ("上墙", "制度和代表信息上墙", "deputies"),
]
EMPTY = [("九有", "checklist"), ("六有", "checklist"), ("星级", "score")]


def fill(apps, schema_editor):
    standard = apps.get_model("stations", "Standard")
    criterion = apps.get_model("stations", "Criterion")
    eight = standard.objects.create(name="八有", kind="checklist", edition=EDITION, in_use=True)
    criterion.objects.bulk_create(
        criterion(standard=eight, position=place, group=group, words=words, source=source)
        for place, (group, words, source) in enumerate(EIGHT)
    )
    for name, kind in EMPTY:
        standard.objects.create(name=name, kind=kind, edition=EDITION, note=TO_BE_FILLED)


def clear(apps, schema_editor):
    apps.get_model("stations", "Assessment").objects.all().delete()
    apps.get_model("stations", "Standard").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("stations", "0006_standards")]
    operations = [migrations.RunPython(fill, clear)]
