"""What pages share: forms, lists, pickers, refusals, the frame around everything."""
