"""What tests do with a sheet, by the services alone."""

from linli.foundation.sheets import selectors, services
from linli.foundation.sheets.models import Batch


def bring(by, now, kind, content, name="a.xlsx"):
    """Bring a sheet and have it checked."""
    batch = services.upload(by=by, now=now, kind=kind, name=name, content=content)
    services.check(by=by, now=now, uuid=batch.uuid)
    return services.run(uuid=batch.uuid, now=now)


def put_in(by, now, kind, content, name="a.xlsx"):
    """Bring a sheet, check it and apply it."""
    batch = bring(by, now, kind, content, name)
    services.apply(by=by, now=now, uuid=batch.uuid)
    return services.run(uuid=batch.uuid, now=now)


def take_back(by, now, batch):
    services.undo(by=by, now=now, uuid=batch.uuid)
    return services.run(uuid=batch.uuid, now=now)


def counts(batch):
    return batch.created, batch.changed, batch.same, batch.refused


def faults(batch):
    return {line: dict(reasons) for line, reasons in selectors.faults(batch)}


def hangs(batch):
    batch = Batch.objects.get(pk=batch.pk)
    return [tuple(h) for h in selectors.trouble(batch).get("hangs", [])]
