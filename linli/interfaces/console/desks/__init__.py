"""Walk-in desks with their duty days."""
