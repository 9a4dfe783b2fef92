"""What an operator asks a system, whether a process serves it or only its data lies there."""
