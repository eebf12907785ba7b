"""What keeps the machine and its data well: jobs done by themselves, backups, the audit."""
