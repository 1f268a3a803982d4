"""Who goes where and when: technicians' days planned as a whole, with what is fixed left where it is."""
