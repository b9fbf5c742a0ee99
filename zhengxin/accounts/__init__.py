"""Who may sign in: accounts, dated posts, roles. In: credentials. Out: an Actor."""
