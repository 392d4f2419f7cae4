"""What everybody may read: home, telephones, problems nearby, notices."""
