"""四百走访 on the desk: what is due, who was reached, what is needed, enterprises, festivals, new sectors, words."""
