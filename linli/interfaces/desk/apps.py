"""Registers the room `desk` with Django."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The room `desk` on the floor `interfaces`."""

    name = "linli.interfaces.desk"
    label = "desk"

    def ready(self) -> None:
        """Tell the shell what it may show, and enter the pages in the rail."""
        from linli.interfaces.desk import menu, shell, sources  # noqa: PLC0415  the apps must be ready
        from linli.interfaces.desk.alliance import meeting as alliance_meetings  # noqa: PLC0415
        from linli.interfaces.desk.alliance import told  # noqa: PLC0415
        from linli.interfaces.desk.civility import rounds as civility_rounds  # noqa: PLC0415
        from linli.interfaces.desk.civility import sections as civility_sections  # noqa: PLC0415
        from linli.interfaces.desk.exports import lists  # noqa: PLC0415
        from linli.interfaces.desk.fieldwork import owed as fieldwork_owed  # noqa: PLC0415
        from linli.interfaces.desk.fieldwork.ledgers import flood  # noqa: PLC0415
        from linli.interfaces.desk.figures.briefing import taking as briefing  # noqa: PLC0415
        from linli.interfaces.desk.housing import rounds as housing_rounds  # noqa: PLC0415
        from linli.interfaces.desk.owed import providers  # noqa: PLC0415
        from linli.interfaces.desk.owners import rounds as owner_rounds  # noqa: PLC0415
        from linli.interfaces.desk.owners import sections as owner_sections  # noqa: PLC0415
        from linli.interfaces.desk.streets import sections as street_sections  # noqa: PLC0415
        from linli.interfaces.desk.tasks import sheet  # noqa: PLC0415
        from linli.interfaces.desk.visits import dossier as visit_dossier  # noqa: PLC0415
        from linli.interfaces.desk.visits import rounds as visit_rounds  # noqa: PLC0415

        shell.register()
        menu.register()
        lists.register()
        briefing.register()
        sources.enter()
        providers.enter()
        fieldwork_owed.enter()
        told.register()
        alliance_meetings.enter()
        sheet.enter()
        flood.enter()
        street_sections.enter()
        civility_sections.enter()
        owner_sections.enter()
        visit_dossier.enter()
        for rounds in (civility_rounds, housing_rounds, owner_rounds, visit_rounds):
            rounds.enter()
