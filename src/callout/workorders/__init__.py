"""The work done for a ticket: estimate, plan, hours, parts, service report."""
