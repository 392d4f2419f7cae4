"""Areas: the tree with dates, files of borders with a report before they hold, one area's dated changes."""
