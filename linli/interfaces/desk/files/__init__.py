"""Taking and showing files; opening what is covered."""
