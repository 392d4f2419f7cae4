"""The app of those on foot: usable without reception; what is done there is sent later."""
