"""Long registers for tests, made in bulk: a service takes a second for a hundred rows."""

from accounts.actors import SYSTEM
from stations.models import Station
from tests.factories import make_reception
from visits.models import Opinion, Reception


def fill_register(station: Station, count: int) -> None:
    """`count` visits of one opinion each, all of one day; the first is logged, the rest copied."""
    first = make_reception(station, actor=SYSTEM)
    opinion = first.opinions.get()
    visits = [_copy(first, number=first.number + more) for more in range(1, count)]
    Reception.objects.bulk_create(visits, batch_size=1000)
    Opinion.objects.bulk_create(
        [
            _copy(opinion, reception=visit, statement=f"第{visit.number}条：村口路灯不亮")
            for visit in visits
        ],
        batch_size=1000,
    )


def _copy(row, **changed):
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and not field.unique and not field.generated
    }
    names = {field.name: field.attname for field in row._meta.concrete_fields}
    for name in changed:
        fields.pop(names[name], None)
    return type(row)(**fields, **changed)
