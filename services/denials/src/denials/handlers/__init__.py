"""What denials does when something happens: one function per event, command, timer or reply."""
