"""Projects: lists and the board, one project with its plan, what blocks it, what residents are told and asked."""
