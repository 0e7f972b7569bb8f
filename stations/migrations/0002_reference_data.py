"""The district itself and the categories that every district starts with."""

from django.conf import settings
from django.db import migrations

CATEGORIES = {
    "基础设施": ["道路桥梁", "供水排水", "供电照明", "公共设施"],
    "交通出行": ["公交客运", "信号灯与标线", "停车"],
    "教育卫生": ["教育", "医疗"],
    "社会保障": ["低保救助", "养老", "医保社保", "就业"],
    "环境卫生": ["垃圾清运", "污染", "河道"],
    "农业农村": ["农田水利", "惠农补贴", "人居环境"],
    "征地拆迁": [],
    "土地林权": [],
    "邻里纠纷": [],
    "惠民政策": [],
    "社会治安": [],
    "其他": [],
}


def fill(apps, schema_editor):
    area = apps.get_model("stations", "Area")
    category = apps.get_model("stations", "Category")
    area.objects.get_or_create(
        code=settings.DISTRICT_CODE,
        defaults={"name": settings.DISTRICT_NAME, "level": "district"},
    )
    for position, (name, children) in enumerate(CATEGORIES.items()):
        top = category.objects.create(name=name, position=position)
        category.objects.bulk_create(
            category(name=child, parent=top, position=place) for place, child in enumerate(children)
        )


def clear(apps, schema_editor):
    apps.get_model("stations", "Category").objects.all().delete()
    apps.get_model("stations", "Area").objects.filter(code=settings.DISTRICT_CODE).delete()


class Migration(migrations.Migration):
    dependencies = [("stations", "0001_initial")]
    operations = [migrations.RunPython(fill, clear)]
