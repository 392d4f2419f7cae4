"""Writing documents: taking in, ordering, deciding, giving tasks, splitting plans."""

from linli.programmes.documents.services.aliases import remove_alias
from linli.programmes.documents.services.deciding import (
    EDITABLE,
    Edit,
    add,
    change,
    confirm,
    confirm_sure,
    finish,
    link,
    reject,
    reopen,
    undo,
)
from linli.programmes.documents.services.giving import (
    MOST_ROWS,
    RowsRefusedError,
    Wanted,
    WantedOf,
    follow_task,
    make_plan_task,
    make_task,
    make_tasks,
)
from linli.programmes.documents.services.importing import (
    AlreadyImportedError,
    NewDocument,
    import_document,
    read_pages,
)
from linli.programmes.documents.services.laying import put_in_order
from linli.programmes.documents.services.outlining import arrange_parts, change_part, join_part, split_part
from linli.programmes.documents.services.parting import PARTED
from linli.programmes.documents.services.planning import fill_plan, set_plan_units

__all__ = [
    "EDITABLE",
    "MOST_ROWS",
    "PARTED",
    "AlreadyImportedError",
    "Edit",
    "NewDocument",
    "RowsRefusedError",
    "Wanted",
    "WantedOf",
    "add",
    "arrange_parts",
    "change",
    "change_part",
    "confirm",
    "confirm_sure",
    "fill_plan",
    "finish",
    "follow_task",
    "import_document",
    "join_part",
    "link",
    "make_plan_task",
    "make_task",
    "make_tasks",
    "put_in_order",
    "read_pages",
    "reject",
    "remove_alias",
    "reopen",
    "set_plan_units",
    "split_part",
    "undo",
]
