"""The lists that can be taken out, by what they are of."""

from linli.interfaces.desk.exports.lists import (
    cases,
    civility,
    fieldwork,
    figures,
    incoming,
    partners,
    promised,
    publishing,
    registers,
)


def register() -> None:
    """Enter all of them."""
    for group in (cases, promised, fieldwork, partners, registers, figures, publishing, civility, incoming):
        group.register()
