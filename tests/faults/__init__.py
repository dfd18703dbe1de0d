"""Everything that can go wrong, at once: many writers, kills, failing disks; what is promised."""
