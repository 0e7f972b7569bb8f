from stations.models import Unit


def unit_named(name, *, actor):
    return Unit.objects.get_or_create(name=name, defaults={"confirmed": False})[0]
