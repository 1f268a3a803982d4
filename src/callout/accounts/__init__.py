"""People, teams, branches and what each may do."""
