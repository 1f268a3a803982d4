"""What others do appears at once: changes told by the commands, heard by every web process."""
