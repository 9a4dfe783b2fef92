"""What a guide says: its loops, segments and elements, and the machine that matches segments to loops."""
