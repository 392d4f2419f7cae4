"""The strand 精细化 has one code, the engines': what was written as ``fine`` is ``refined``.

What was frozen in reports stays as it was, since its digest is printed (see ``selectors.reporting``).
"""

from django.db import migrations

from linli.programmes.publishing.rules.checking import Finding, check

OLD, NEW = "fine", "refined"
ALL_SMALL = 100


def one_code(apps, schema_editor):
    """Write the new code wherever the old one stands; doing so again changes nothing."""
    alias = schema_editor.connection.alias  # the namespace that is migrated, not the one of who asked for it
    for name in ("Article", "Issue", "Report", "Method"):
        rows = apps.get_model("publishing", name).objects.using(alias).filter(strands__contains=f"|{OLD}|")
        for row in rows.only("pk", "strands").iterator(chunk_size=500):
            row.strands = _marked(row.strands)
            row.save(update_fields=["strands"])
    _reports(apps.get_model("publishing", "Report").objects.using(alias))
    _versions(apps.get_model("publishing", "PieceVersion").objects.using(alias))


def _marked(strands):
    return strands.replace(f"|{OLD}|", f"|{NEW}|")


def _renamed(texts):
    return {NEW if code == OLD else code: text for code, text in texts.items()}


def _reports(rows):
    """Rename the section of yearly reports, and the reasons given for what was found in it."""
    for row in rows.filter(texts__has_key=OLD).only("pk", "texts", "reasons").iterator(chunk_size=100):
        for found in check({f"text:{OLD}": str(row.texts[OLD])}, minimum=ALL_SMALL):
            if found.key in row.reasons:
                row.reasons[Finding(found.code, f"text:{NEW}", found.words).key] = row.reasons.pop(found.key)
        row.texts = _renamed(row.texts)
        row.save(update_fields=["texts", "reasons"])


def _versions(rows):
    """Rename the code in what was kept of each version; the words stay."""
    for row in rows.only("pk", "data").iterator(chunk_size=200):
        data = dict(row.data)
        if isinstance(data.get("strands"), str):
            data["strands"] = _marked(data["strands"])
        if isinstance(data.get("texts"), dict):
            data["texts"] = _renamed(data["texts"])
        if data != row.data:
            row.data = data
            row.save(update_fields=["data"])


class Migration(migrations.Migration):

    dependencies = [("publishing", "0001_initial")]

    operations = [migrations.RunPython(one_code, migrations.RunPython.noop)]
